"""What is done with mail that was taken in, on servers that can do more and on such that can do less."""

import pytest

from tests.peers.imap_script import ImapScript, folder
from tests.services.channels.imap.conftest import connector, failure

MOVING = {"handled": "move", "move_to": "Done"}


def script(capabilities: str = "IMAP4rev1", **replies: object) -> ImapScript:
    usual = {"SELECT": folder(3, 4), "SEARCH": b"* SEARCH 1 2\r\n"}
    return ImapScript({**usual, **replies}, capabilities)


def settle(server: ImapScript, names: list[str], **settings: object) -> list[str]:
    """The commands that changed something."""
    with server.running() as port:
        settling = connector(port, **settings)
        settling.settle(names)
        settling.close()
    changing = ("UID MOVE", "UID COPY", "UID STORE", "UID EXPUNGE", "EXPUNGE", "CREATE")
    return [each for each in server.told if each.startswith(changing)]


def test_mail_is_moved_in_one_step_where_the_server_can() -> None:
    assert settle(script("IMAP4rev1 MOVE UIDPLUS"), ["7:1", "7:2"], **MOVING) == ['UID MOVE 1,2 "Done"']


def test_mail_is_copied_and_only_it_is_expunged_where_the_server_cannot_move() -> None:
    told = settle(script("IMAP4rev1 UIDPLUS"), ["7:1", "7:2"], **MOVING)
    assert [each.split()[1] for each in told] == ["COPY", "STORE", "EXPUNGE"]
    assert told[-1] == "UID EXPUNGE 1,2"


def test_what_others_marked_as_deleted_is_never_expunged() -> None:
    server = script()
    told = settle(server, ["7:1", "7:2"], **MOVING)
    assert [each.split()[1] for each in told] == ["COPY", "STORE"]
    assert "UNDELETED" in next(each for each in server.told if "SEARCH" in each)  # so that it is not copied twice


def test_a_missing_folder_for_handled_mail_is_made_when_the_server_says_so() -> None:
    answers = iter([b"TAG NO [TRYCREATE] no such mailbox\r\n", b""])
    told = settle(script("IMAP4rev1 MOVE", MOVE=lambda _command: next(answers)), ["7:1"], **MOVING)
    assert [each.split()[0] for each in told] == ["UID", "CREATE", "UID"]


def test_a_folder_that_takes_no_mail_is_told() -> None:
    error = failure(lambda: settle(script("IMAP4rev1 MOVE", MOVE=b"TAG NO [NOPERM] no\r\n"), ["7:1"], **MOVING))
    assert (error.code, error.passing, error.facts["folder"]) == ("imap.cannot_move", False, "Done")


@pytest.mark.parametrize("names", [[], ["6:1"], ["a.eml:3:4"], ["other"]])
def test_names_that_are_not_of_this_mailbox_change_nothing(names: list[str]) -> None:
    assert settle(script("IMAP4rev1 MOVE"), names, **MOVING) == []


def test_a_thousand_mails_are_named_in_lines_that_every_server_takes() -> None:
    server = script(
        "IMAP4rev1 MOVE", SEARCH=lambda command: f"* SEARCH {command.split()[3].replace(',', ' ')}\r\n".encode()
    )
    told = settle(server, [f"7:{1_000_000_000 + 2 * number}" for number in range(1000)], **MOVING)
    assert len(told) == 5
    assert max(map(len, server.told)) < 8000


def test_mail_is_left_as_it_is_where_nothing_is_to_be_done() -> None:
    server = script()
    assert settle(server, ["7:1"], handled="nothing") == []
    assert server.told == []


def test_mail_cannot_be_moved_to_where_it_arrives() -> None:
    with pytest.raises(ValueError, match="another folder"):
        connector(1, handled="move", move_to="inbox")
