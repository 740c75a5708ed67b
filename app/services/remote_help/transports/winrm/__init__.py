"""PowerShell scripts on Windows hosts over WinRM."""

from app.services.remote_help.transports.winrm.carrier import WinrmCarrier

__all__ = ["WinrmCarrier"]
