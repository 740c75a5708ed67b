"""What happens to handled mail, once or many times."""

import pytest

from app.models.errors import ChannelError
from tests.peers.ews.running import DESK, mail
from tests.peers.ews.server import EwsServer
from tests.services.channels.exchange.conftest import Open


def test_nothing_is_asked_of_the_server_where_nothing_is_set(server: EwsServer, connect: Open) -> None:
    item_id = server.store.deliver(DESK, mail(1))
    connect().settle([item_id])
    assert server.calls == []


def test_handled_mail_is_marked_read_and_twice_is_as_good_as_once(server: EwsServer, connect: Open) -> None:
    ids = [server.store.deliver(DESK, mail(n)) for n in range(2)]
    connector = connect(handled="read")
    connector.settle(ids[:1])
    connector.settle(ids[:1])
    assert [each.is_read for each in server.store.messages(DESK)] == [True, False]


def test_handled_mail_is_moved_to_a_folder_that_is_made(server: EwsServer, connect: Open) -> None:
    ids = [server.store.deliver(DESK, mail(n)) for n in range(3)]
    connector = connect(handled="move", handled_folder="inbox/Desk/Done")
    connector.settle(ids[:2])
    connector.settle(ids[:2])
    assert [each.id for each in server.store.messages(DESK)] == [ids[2]]
    mailbox = server.store.mailbox(DESK)
    made = next(each for each in mailbox.folders.values() if each.name == "Done")
    assert [each.mime for each in mailbox.inside(made.id)] == [mail(0), mail(1)]
    assert mailbox.folders[made.parent].name == "Desk"
    assert connect(handled="move", handled_folder="Inbox/desk/done").settle([ids[2]]) is None
    assert len(mailbox.inside(made.id)) == 3


@pytest.mark.parametrize("handled", ["read", "move"])
@pytest.mark.parametrize("gone", ["bm90LWEtbWFpbGJveA==", "not an id", "missing", "invalid", "crashing"])
def test_what_is_gone_does_not_keep_the_rest_from_being_settled(
    server: EwsServer, connect: Open, handled: str, gone: str
) -> None:
    lost, here = (server.store.deliver(DESK, mail(n)) for n in range(2))
    mailbox = server.store.mailbox(DESK)
    if gone == "missing":
        server.store.remove(mailbox, mailbox.items[lost])
    elif gone == "invalid":
        server.faults.broken = {lost: "ErrorInvalidId"}
    elif gone == "crashing":
        server.faults.crashing = {lost}
    name = lost if gone in {"missing", "invalid", "crashing"} else gone
    connect(handled=handled, handled_folder="Done").settle([name, here])
    assert here not in mailbox.items or mailbox.items[here].is_read


def test_a_move_that_is_not_allowed_is_told_after_the_rest_was_moved(server: EwsServer, connect: Open) -> None:
    ids = [server.store.deliver(DESK, mail(n)) for n in range(2)]
    server.faults.broken = {ids[0]: "ErrorAccessDenied"}
    with pytest.raises(ChannelError) as caught:
        connect(handled="move", handled_folder="Done").settle(ids)
    assert caught.value.code == "exchange.no_rights"
    assert [each.id for each in server.store.messages(DESK)] == [ids[0]]


@pytest.mark.parametrize("code", ["ErrorMoveCopyFailed", "ErrorItemSave"])
def test_a_mail_that_only_will_not_move_keeps_nothing_else_from_going_on(
    server: EwsServer, connect: Open, code: str
) -> None:
    ids = [server.store.deliver(DESK, mail(n)) for n in range(2)]
    server.faults.broken = {ids[0]: code}
    connect(handled="move", handled_folder="Done").settle(ids)
    assert [each.id for each in server.store.messages(DESK)] == [ids[0]]


def test_a_folder_for_handled_mail_that_was_deleted_is_made_again(server: EwsServer, connect: Open) -> None:
    connector, mailbox = connect(handled="move", handled_folder="Done"), server.store.mailbox(DESK)
    connector.settle([server.store.deliver(DESK, mail(1))])
    server.store.remove_folder(mailbox, "Done")
    connector.settle([server.store.deliver(DESK, mail(2))])
    made = next(each for each in mailbox.folders.values() if each.name == "Done")
    assert [each.mime for each in mailbox.inside(made.id)] == [mail(2)]


def test_moved_mail_does_not_arrive_again(server: EwsServer, connect: Open) -> None:
    server.store.deliver(DESK, mail(1))
    connector = connect(handled="move", handled_folder="inbox/Done")
    batch = connector.poll(None, 100)
    connector.settle([each.external_id for each in batch.messages])
    assert connector.poll(batch.cursor, 100).messages == []
