"""Running the program from where it was put, far from the checkout and from this process's settings."""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
_INHERITED = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH", "LOCALAPPDATA")


@dataclass(frozen=True)
class Place:
    """A way to start the program, with an empty folder as its home and working folder."""

    program: Sequence[str]
    home: Path
    modules: Path | None = None

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        environment |= {"HOME": str(self.home), "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "FIRSTLINE_LANGUAGE": "en"}
        if self.modules:
            environment["PYTHONPATH"] = str(self.modules)
        told = subprocess.run(
            [*self.program, *arguments],
            cwd=self.home, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
        assert "Traceback" not in told.stderr, told.stderr
        return told

    def selftest(self) -> dict[str, Any]:
        """The report of `--selftest`; fails with it where something in it failed."""
        file = self.home / "selftest.json"
        status = self.run("--selftest", str(file)).returncode
        report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        failed = {name: each["error"] for name, each in report["checks"].items() if not each["ok"]}
        assert (status, report["ok"], failed) == (0, True, {})
        assert {"window", "database", "keyring", "tls", "resources"} <= set(report["checks"])
        return report
