"""Values as parameters that PowerShell binds: typed, by name, and never text of the script."""

from collections.abc import Iterator
from typing import Any

from pypsrp.complex_objects import ObjectMeta
from pypsrp.powershell import PowerShell, RunspacePool

from app.models.records.runs import UploadedFile, Value
from app.models.records.scripts import ParameterType, WinrmProgram
from app.models.rules.powershell import parameter_name
from app.services.remote_help.transports.interface import Job

_LARGEST_INT = 2**31 - 1


def bound(job: Job, pool: RunspacePool) -> PowerShell:
    """The script, ready to begin. Secrets go as SecureString, encrypted by a key that only this session knows."""
    hidden = _hidden(job)
    if any(job.values.get(name) is not None for name in hidden):
        pool.exchange_keys()
    parameters: dict[str, Any] = {}
    for name, value in job.values.items():
        if value is not None:
            parameters[parameter_name(name)] = _bound(value, pool, secret=name in hidden)
    if job.dry_run:
        parameters["WhatIf"] = True
    shell = PowerShell(pool)
    shell.add_script(source(job), use_local_scope=True)
    return shell.add_parameters(parameters)


def source(job: Job) -> str:
    return job.package.files[program(job).file].decode("utf-8-sig")


def program(job: Job) -> WinrmProgram:
    found = job.package.manifest.program
    assert isinstance(found, WinrmProgram)
    return found


def shown(job: Job) -> Iterator[str]:
    """The parameters as they would be typed; secrets as dots."""
    hidden = _hidden(job)
    for name, value in job.values.items():
        if value is None or value is False:
            continue
        told = f"-{parameter_name(name)}"
        yield told if value is True else f"{told} {'••••' if name in hidden else _quoted(value)}"
    if job.dry_run:
        yield "-WhatIf"


def _bound(value: Value, pool: RunspacePool, *, secret: bool) -> Any:
    if secret:
        return pool.serialize(value, ObjectMeta("SS"))
    if isinstance(value, UploadedFile):
        return {"Name": value.name, "Content": value.content}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _LARGEST_INT:
        return pool.serialize(value, ObjectMeta("I64"))
    return value


def _quoted(value: Value) -> str:
    if isinstance(value, UploadedFile):
        return f"<{value.name}>"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def _hidden(job: Job) -> set[str]:
    return {each.name for each in job.package.manifest.parameters if each.type is ParameterType.SECRET}
