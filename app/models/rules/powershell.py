"""The pattern that a PowerShell script of the library follows, so that it is safe to hand values to."""


def parameter_name(name: str) -> str:
    """A parameter of a manifest as PowerShell writes it: `print_server` is `PrintServer`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
