"""How PowerShell remoting is spoken to a host."""

from typing import Literal

from pydantic import Field

from app.services.remote_help.transports.interface import Options, Reach


class WinrmOptions(Options):
    """Always over TLS. The files are read when a script runs: the company's authorities, the desk's own certificate."""

    port: int = Field(default=5986, ge=1, le=65535)
    sign_in: Literal["negotiate", "kerberos", "ntlm", "basic", "certificate"] = "negotiate"
    ca_file: str = ""
    certificate: str = ""
    certificate_key: str = ""
    configuration: str = Field(default="Microsoft.PowerShell", pattern=r"^[\w.-]{1,100}$")


def options_of(reach: Reach) -> WinrmOptions:
    return WinrmOptions.model_validate(reach.connection.options)
