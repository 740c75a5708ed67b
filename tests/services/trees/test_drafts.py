"""A tree that is being edited outlives its window, encrypted on this machine."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from app.models.records.desk import Level
from app.models.records.trees import Edge, EdgeKind, Node, Tree
from app.services.journal import Journal
from app.services.secrets import Secrets
from app.services.trees import drafts

APPLICATION = UUID(int=5)
TREE = Tree(
    UUID(int=1),
    "Payments",
    (Node("desk", "Service desk", Level.L1, x=4, y=-20), Node("lead", "Lead", Level.L2, manager_id=UUID(int=9))),
    (Edge("desk", "lead", EdgeKind.HIERARCHIC),),
    "desk",
    APPLICATION,
    version=3,
)


def opened(folder: Path) -> Journal:
    return Journal(folder, Secrets({"FIRSTLINE_SECRET_JOURNAL": "a key"}))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return opened(tmp_path)


def test_what_was_kept_is_what_comes_back(journal: Journal) -> None:
    drafts.keep(journal, APPLICATION, TREE)
    assert (
        drafts.load(Journal(journal.file.parent, Secrets({"FIRSTLINE_SECRET_JOURNAL": "a key"})), APPLICATION) == TREE
    )


def test_there_is_one_draft_an_application(journal: Journal) -> None:
    drafts.keep(journal, APPLICATION, TREE)
    drafts.keep(journal, APPLICATION, replace(TREE, start="lead"))
    assert drafts.load(journal, UUID(int=6)) is None
    found = drafts.load(journal, APPLICATION)
    assert found is not None
    assert found.start == "lead"


def test_what_was_forgotten_does_not_come_back(journal: Journal) -> None:
    drafts.keep(journal, APPLICATION, TREE)
    drafts.forget(journal, APPLICATION)
    assert drafts.load(journal, APPLICATION) is None
    drafts.forget(journal, APPLICATION)


def test_no_name_can_be_read_from_the_file(journal: Journal) -> None:
    drafts.keep(journal, APPLICATION, TREE)
    assert b"Service desk" not in journal.file.read_bytes()
