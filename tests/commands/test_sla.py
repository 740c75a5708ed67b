"""`firstline sla`: how the clocks of a ticket stand, as programs read it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import update

from app.main import main
from app.models.records.tickets import Priority
from app.models.tables import Agent, Team
from app.services.escalation import replying
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk
from tests.services.escalation.desk import ladder


def test_the_segments_name_their_team_and_person_as_the_database_does(
    mail_desk: MailDesk,
    engine_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    rungs = ladder(mail_desk)
    rungs.ask(Priority.P3)
    rungs.hand("l2")
    rungs.desk.clock.forward(minutes=5)
    replying.accept(rungs.desk.database, rungs.actor("Ann"), rungs.step.id)
    rungs.desk.clock.forward(minutes=5)
    team, ann = rungs.teams["Application Support"], rungs.people["Ann"]
    with rungs.desk.database.write(SYSTEM) as work:
        work.session.execute(update(Team).where(Team.id == team.id).values(name="Second Line"))
        work.session.execute(update(Agent).where(Agent.id == ann.id).values(name="Ann Lee"))
    capsys.readouterr()
    assert main(["--database", engine_url, "sla", "1", "--json"]) == 0
    segments = [each for clock in json.loads(capsys.readouterr().out) for each in clock["segments"]]
    named = {(each["team"], each["team_name"], each["agent"], each["agent_name"]) for each in segments}
    assert (str(team.id), "Second Line", str(ann.id), "Ann Lee") in named
    assert (str(team.id), "Second Line", None, None) in named
