"""Scripts on hosts over SSH."""

from app.services.remote_help.transports.ssh.carrier import SshCarrier

__all__ = ["SshCarrier"]
