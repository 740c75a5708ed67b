"""A desk that works all day must live all day."""

import subprocess
import sys

import pytest

CALLS = """
import sys
{first}
from PySide6.QtCore import QObject, Signal

class Source(QObject):
    told = Signal()

source = Source()
for _ in range({many}):
    source.{call}
"""


def ends_well(first: str, call: str, many: int) -> bool:
    program = CALLS.format(first=first, call=call, many=many)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(("call", "many"), [("told.emit()", 20_000), ("setObjectName('x')", 200_000)])
def test_a_process_of_ours_survives_many_calls(call: str, many: int) -> None:
    assert ends_well("import app.views", call, many)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="the constants are immortal from Python 3.12 on")
@pytest.mark.parametrize(("call", "many"), [("told.emit()", 20_000), ("setObjectName('x')", 200_000)])
def test_pyside_still_needs_it(call: str, many: int) -> None:
    """Once this fails, PySide is mended and `app.views.kit.immortal` can go."""
    assert not ends_well("", call, many)
