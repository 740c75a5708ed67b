"""The console that a script on a Windows host believes to have: it can be written to, and answers nothing."""

from typing import Any

from pypsrp.complex_objects import HostMethodIdentifier
from pypsrp.host import PSHost, PSHostUserInterface
from pypsrp.powershell import PowerShell, RunspacePool

from app.models.records.runs import Stream

_LAST_WRITING = 22
"""Host methods up to this one, without those that ask, only tell. [MS-PSRP] 2.2.3.17."""
_ASKING = frozenset({11, 12})


class AsksForInput(Exception):
    """The script waits for somebody to type, and nobody is there."""


class Console(PSHost):
    """`exit_code` is what the script called `exit` with, None where it did not. `said` has what each call wrote, in
    the order of the calls, empty where it wrote nothing."""

    def __init__(self) -> None:
        self.said: list[tuple[Stream, str]] = []
        super().__init__(None, None, False, "Firstline", None, _Screen(self.said), "1.0")
        self.exit_code: int | None = None

    def run_method(
        self,
        method_identifier: HostMethodIdentifier,
        args: list[Any],
        runspace: RunspacePool,
        pipeline: PowerShell | None = None,
    ) -> Any:
        number = method_identifier.value or 0
        if number in _ASKING or number > _LAST_WRITING:
            raise AsksForInput(str(method_identifier))
        self.said.append((Stream.OUT, ""))
        return super().run_method(method_identifier, args, runspace, pipeline)

    def SetShouldExit(self, runspace: RunspacePool, pipeline: PowerShell | None, exit_code: int) -> None:  # noqa: ARG002, N802 - the protocol's own name
        self.exit_code = exit_code


class _Screen(PSHostUserInterface):
    """What `Write-Host` writes, and what a dry run says it would do. The methods have the protocol's own names."""

    def __init__(self, said: list[tuple[Stream, str]]) -> None:
        super().__init__()
        self._said = said

    def Write1(self, _runspace: Any, _pipeline: Any, value: Any) -> None:  # noqa: N802
        self._say(value)

    def Write2(self, _runspace: Any, _pipeline: Any, _front: int, _back: int, value: Any) -> None:  # noqa: N802
        self._say(value)

    def WriteLine1(self, _runspace: Any, _pipeline: Any) -> None:  # noqa: N802
        self._say("\n")

    def WriteLine2(self, _runspace: Any, _pipeline: Any, value: Any) -> None:  # noqa: N802
        self._say(f"{value}\n")

    def WriteLine3(self, _runspace: Any, _pipeline: Any, _front: int, _back: int, value: Any) -> None:  # noqa: N802
        self._say(f"{value}\n")

    def WriteErrorLine(self, _runspace: Any, _pipeline: Any, message: Any) -> None:  # noqa: N802
        self._said[-1] = (Stream.ERROR, f"{message}\n")

    def WriteDebugLine(self, *_told: Any, **_named: Any) -> None:  # noqa: N802 - comes as a record as well
        pass

    WriteProgress = WriteVerboseLine = WriteWarningLine = WriteDebugLine

    def _say(self, value: Any) -> None:
        self._said[-1] = (Stream.OUT, str(value))
