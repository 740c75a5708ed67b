"""What happens to mail that is committed."""

import pytest

from app.models.errors import ChannelError
from tests.peers.graph.faults import Answer, error
from tests.peers.graph.running import DESK
from tests.peers.graph.server import GraphServer
from tests.peers.graph.store import Item
from tests.services.channels.graph.conftest import Open
from tests.services.channels.graph.test_polling import deliver


def items(server: GraphServer) -> list[Item]:
    return sorted(server.store.mailbox(DESK).items.values(), key=lambda each: each.received)


def test_nothing_is_touched_where_nothing_is_set(server: GraphServer, connect: Open) -> None:
    one = deliver(server, 1)
    connect().settle([one])
    assert server.calls == []


def test_handled_mail_is_marked_as_read_and_no_other(server: GraphServer, connect: Open) -> None:
    ids = [deliver(server, number) for number in range(7)]
    connect(handled="read").settle(ids[:6])
    assert [each.is_read for each in items(server)] == [True] * 6 + [False]


def test_a_category_is_added_to_those_a_mail_has(server: GraphServer, connect: Open) -> None:
    ids = [deliver(server, 1, categories=["Red"]), deliver(server, 2), deliver(server, 3, categories=["firstline"])]
    for _ in range(2):
        connect(handled="category").settle(ids)
    assert [each.categories for each in items(server)] == [["Red", "Firstline"], ["Firstline"], ["firstline"]]


def test_handled_mail_is_moved_to_a_folder_that_is_made(server: GraphServer, connect: Open) -> None:
    ids = [deliver(server, number) for number in range(6)]
    connector = connect(handled="move", handled_folder="Inbox/Done/2026")
    connector.settle(ids)
    mailbox = server.store.mailbox(DESK)
    (year,) = [each for each in mailbox.folders.values() if each.name == "2026"]
    assert mailbox.folders[year.parent].name == "Done"
    assert {each.folder for each in items(server)} == {year.id}
    connector.settle(ids)
    assert {each.folder for each in items(server)} == {year.id}


def test_a_folder_deleted_meanwhile_is_made_anew(server: GraphServer, connect: Open) -> None:
    connector = connect(handled="move", handled_folder="Done")
    connector.settle([deliver(server, 1)])
    mailbox = server.store.mailbox(DESK)
    (done,) = [each for each in mailbox.folders.values() if each.name == "Done"]
    del mailbox.folders[done.id]
    server.faults.answers["/move"] = [error(404, "ErrorFolderNotFound")]
    connector.settle([deliver(server, 2)])
    (again,) = [each for each in mailbox.folders.values() if each.name == "Done"]
    assert [each.folder for each in items(server)] == [done.id, again.id]


@pytest.mark.parametrize("handled", ["read", "category", "move"])
def test_what_is_gone_or_was_never_there_is_done_and_the_others_are_too(
    server: GraphServer, connect: Open, handled: str
) -> None:
    one, two = deliver(server, 1), deliver(server, 2)
    mailbox = server.store.mailbox(DESK)
    server.store.remove(mailbox, mailbox.item(one))
    connector = connect(handled=handled, handled_folder="Done")
    connector.settle(["", "..", one, "AAMk/?#=", "../../users", "7:1", two])
    (left,) = items(server)
    assert (left.is_read, left.categories == ["Firstline"], left.folder != mailbox.folder("inbox").id) == (
        handled == "read",
        handled == "category",
        handled == "move",
    )


def test_a_mail_that_only_will_not_be_marked_stays_and_the_others_are_marked(
    server: GraphServer, connect: Open
) -> None:
    ids = [deliver(server, number) for number in range(3)]
    server.faults.answers[ids[1]] = [error(400, "ErrorIrresolvableConflict")]
    connect(handled="read").settle(ids)
    assert [each.is_read for each in items(server)] == [True, False, True]


@pytest.mark.parametrize(
    ("answer", "code", "passing"),
    [
        (error(403, "ErrorAccessDenied"), "graph.no_consent", False),
        (error(507, "ErrorQuotaExceeded"), "graph.mailbox_full", True),
        (error(429, "ApplicationThrottled", Retry_After="40"), "graph.busy", True),
    ],
)
def test_what_keeps_all_of_them_is_told_so_that_it_is_done_again(
    server: GraphServer, connect: Open, answer: Answer, code: str, passing: bool
) -> None:
    ids = [deliver(server, number) for number in range(2)]
    server.faults.answers[ids[0]] = [answer]
    connector = connect(handled="read")
    with pytest.raises(ChannelError, match=code) as told:
        connector.settle(ids)
    assert told.value.passing is passing
    assert [each.is_read for each in items(server)] == [False, True]
    if "Retry-After" in answer.headers:
        assert told.value.facts["seconds"] == 40
    connector.settle(ids)
    assert [each.is_read for each in items(server)] == [True, True]
