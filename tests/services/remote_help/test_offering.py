"""What is offered for a ticket, what the desk knows of it, and what other scripts tell to choose from."""

from typing import Any

import pytest

from app.models.errors import KnownError
from app.models.records.runs import Outcome
from app.models.records.scripts import ChoicesFrom, Known
from app.services.remote_help import recording
from app.services.remote_help.choices import choices
from app.services.remote_help.counting import counts
from app.services.remote_help.offering import offer
from tests.fixtures.databases import SYSTEM
from tests.services.remote_help.conftest import HOST, Helping, shell


def test_what_may_not_be_run_says_why_and_what_fits_comes_first(helping: Helping) -> None:
    helping.approved(shell(b"true\n", key="a-first"))
    helping.approved(shell(b"true\n", key="b-second", level=2))
    helping.approved(shell(b"true\n", key="z-fits", proposed={"words": {"en": ["matter of wages"]}}))
    found = offer(*helping.desk.as_("ann"), helping.desk.tickets["mine"])
    assert [each.manifest.id for each in found.scripts] == ["z-fits", "a-first", "b-second"]
    fits, _first, high = found.scripts
    assert fits.proposal is not None
    assert fits.proposal.words == ("matter of wages",)
    assert [each.why_not.code if each.why_not else "" for each in found.scripts] == ["", "", "not_allowed.script_level"]
    assert high.proposal is None


def test_a_transport_that_nobody_connected_says_so(helping: Helping) -> None:
    from app.services.remote_help import connections

    helping.approved(shell(b"true\n"))
    [made] = connections.listed(helping.desk.owner)
    connections.remove(*helping.desk.as_("tom"), made.id)
    [offered] = offer(*helping.desk.as_("ann"), None).scripts
    assert offered.why_not is not None
    assert offered.why_not.code == "remote.no_connection"


def test_how_often_it_worked_is_counted_by_target(helping: Helping) -> None:
    helping.approved(shell(b'[ "$1" = good ]\n', {"name": "word"}))
    since = helping.desk.clock.now()
    for word in ("good", "good", "bad"):
        helping.run(given={"word": word})
    counted = counts(helping.desk.owner, since)["a-script"]
    assert (counted.ran, counted.worked) == (3, 2)
    helping.desk.clock.forward(days=1)
    assert counts(helping.desk.owner, helping.desk.clock.now()) == {}


def test_a_host_that_helped_the_requester_before_is_theirs(helping: Helping) -> None:
    user = {"name": "user", "type": "user", "from": "requester.account"}
    helping.approved(shell(b"echo on\n", user, target_from="requester.host"))
    ticket = helping.desk.tickets["mine"]
    _ask_for(helping, ticket, "The screen of localhost is blank. Not of db.example.")
    before = offer(*helping.desk.as_("ann"), ticket).facts
    assert before.values[Known.REQUESTER_HOST] == "localhost"  # db.example is none that a connection may reach
    assert before.values[Known.REQUESTER_ACCOUNT] == "carl"
    found = helping.run(targets=[HOST], given={"user": "c.jones"}, ticket_id=ticket)
    assert found.outcome is Outcome.SUCCEEDED
    after = offer(*helping.desk.as_("ann"), ticket).facts
    assert tuple(after.hosts) == (HOST, "localhost")
    assert after.values[Known.REQUESTER_ACCOUNT] == "c.jones"


def test_choices_are_what_another_script_tells_of_the_target(helping: Helping, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.models.records.runs import Ended, RemoteState
    from app.services.remote_help import running

    class Tells:
        """A carrier of a table."""

        secrets = ()

        async def run(self, job: Any, output: Any, stop: Any) -> Ended:
            output.table(["name", "state"], [["nginx", "up"], ["cron", "up"], ["nginx", "down"], ["", "x"]])
            return Ended(Outcome.SUCCEEDED, RemoteState.FINISHED, 0)

    monkeypatch.setattr(running, "carrier_of", lambda _transport: Tells())
    helping.approved(shell(b"true\n", key="a-source", output="table"))
    database, ann = helping.desk.as_("ann")
    told = choices(database, ann, helping.secrets, ChoicesFrom(script="a-source", column="name"), HOST, {"other": 1})
    assert told == ["nginx", "cron"]
    assert recording.runs(helping.desk.owner)[0].script == "a-source"
    with pytest.raises(KnownError, match=r"script\.no_choices"):
        choices(database, ann, helping.secrets, ChoicesFrom(script="a-source", column="none"), HOST, {})


def _ask_for(helping: Helping, ticket: Any, text: str) -> None:
    from sqlalchemy import update

    from app.models.identifiers import new_id
    from app.models.tables import Identity, Message, Person, Ticket

    with helping.desk.owner.write(SYSTEM) as work:
        person = new_id()
        work.session.add(Person(id=person, name="Carl", notes="", created_at=work.now))
        work.session.flush()
        work.session.add(Identity(id=new_id(), person_id=person, kind="mail", value="carl@customer.example"))
        work.session.execute(update(Ticket).where(Ticket.id == ticket).values(requester_id=person))
        mail = (Message.ticket_id == ticket, Message.kind == "mail_in")
        work.session.execute(update(Message).where(*mail).values(text=text))
