"""A script with its values, as a person would type it in PowerShell."""

from collections.abc import Iterator

from app.models.records.runs import UploadedFile, Value
from app.models.records.scripts import ParameterType, WinrmProgram
from app.models.rules.powershell import parameter_name
from app.services.remote_help.transports.interface import Job


def source(job: Job) -> str:
    return job.package.files[program(job).file].decode("utf-8-sig")


def program(job: Job) -> WinrmProgram:
    found = job.package.manifest.program
    assert isinstance(found, WinrmProgram)
    return found


def shown(job: Job) -> Iterator[str]:
    """The parameters as they would be typed; secrets as dots."""
    hidden = hidden_names(job)
    for name, value in job.values.items():
        if value is None or value is False:
            continue
        told = f"-{parameter_name(name)}"
        yield told if value is True else f"{told} {'••••' if name in hidden else _quoted(value)}"
    if job.dry_run:
        yield "-WhatIf"


def _quoted(value: Value) -> str:
    if isinstance(value, UploadedFile):
        return f"<{value.name}>"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def hidden_names(job: Job) -> set[str]:
    return {each.name for each in job.package.manifest.parameters if each.type is ParameterType.SECRET}
