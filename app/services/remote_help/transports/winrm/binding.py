"""Values as parameters that PowerShell binds: typed, by name, and never text of the script."""

from typing import Any

from pypsrp.complex_objects import ObjectMeta
from pypsrp.powershell import PowerShell, RunspacePool

from app.models.records.runs import UploadedFile, Value
from app.models.rules.powershell import parameter_name
from app.services.remote_help.transports.interface import Job
from app.services.remote_help.transports.winrm.showing import hidden_names, source

_LARGEST_INT = 2**31 - 1


def bound(job: Job, pool: RunspacePool) -> PowerShell:
    """The script, ready to begin. Secrets go as SecureString, encrypted by a key that only this session knows."""
    hidden = hidden_names(job)
    if any(job.values.get(name) is not None for name in hidden):
        pool.exchange_keys()
    parameters: dict[str, Any] = {}
    for name, value in job.values.items():
        if value is not None:
            parameters[parameter_name(name)] = _bound(value, pool, secret=name in hidden)
    if job.dry_run:
        parameters["WhatIf"] = True
    shell = PowerShell(pool)
    # In the session's own scope: else its error preference would not hold for commands that are functions of modules.
    shell.add_script(source(job), use_local_scope=False)
    return shell.add_parameters(parameters)


def _bound(value: Value, pool: RunspacePool, *, secret: bool) -> Any:
    if secret:
        return pool.serialize(value, ObjectMeta("SS"))
    if isinstance(value, UploadedFile):
        return {"Name": value.name, "Content": value.content}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _LARGEST_INT:
        return pool.serialize(value, ObjectMeta("I64"))
    return value
