"""How PowerShell remoting is spoken to a host."""

from typing import Literal

from pydantic import Field

from app.services.remote_help.transports.interface import Options, Reach


class WinrmOptions(Options):
    """How PowerShell remoting is spoken to a host, always over TLS."""

    port: int = Field(default=5986, ge=1, le=65535, title="Port")
    sign_in: Literal["negotiate", "kerberos", "ntlm", "basic", "certificate"] = Field(
        default="negotiate", title="Sign in by"
    )
    ca_file: str = Field(default="", title="File with the authorities to trust")
    certificate: str = Field(default="", title="File with the desk's own certificate")
    certificate_key: str = Field(default="", title="File with its key")
    configuration: str = Field(
        default="Microsoft.PowerShell", pattern=r"^[\w.-]{1,100}$", title="Session configuration on the host"
    )


def options_of(reach: Reach) -> WinrmOptions:
    return WinrmOptions.model_validate(reach.connection.options)
