"""A desk that emits signals all day must live all day."""

import subprocess
import sys

import pytest

EMITS = """
import sys
{first}
from PySide6.QtCore import QObject, Signal

class Source(QObject):
    told = Signal()

source = Source()
for _ in range(20_000):
    source.told.emit()
"""


def ends_well(first: str) -> bool:
    return (
        subprocess.run([sys.executable, "-c", EMITS.format(first=first)], capture_output=True, check=False).returncode
        == 0
    )


def test_a_process_of_ours_survives_many_signals() -> None:
    assert ends_well("import app.views")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True is immortal from Python 3.12 on")
def test_pyside_still_needs_it() -> None:
    """Once this fails, PySide is mended and `app.views.kit.true_references` can go."""
    assert not ends_well("")
