"""The file in the documentation is one that the desk takes."""

import re
from pathlib import Path

from app.services.catalogue import apply_catalogue, write_catalogue
from app.services.catalogue.form import Catalogue
from app.services.database import Database
from tests.fixtures.databases import SYSTEM

DOCUMENT = Path(__file__).parents[3] / "docs" / "catalogue.md"


def test_the_documented_catalogue_is_taken_in_and_names_every_kind_of_entry(database: Database) -> None:
    found = re.search(r"```toml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    apply_catalogue(database, SYSTEM, found[1])
    written = write_catalogue(database)
    assert [name for name in Catalogue.model_fields if f"[[{name}]]" not in written] == []
