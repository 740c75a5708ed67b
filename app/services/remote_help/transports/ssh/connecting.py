"""A connection to a host whose key is one that was pinned, and to no other."""

import asyncio
import socket
from collections.abc import Mapping
from typing import Any

import asyncssh
from pydantic import Field

from app.models.errors import KnownError
from app.services.remote_help.transports.interface import Options, Reach, UnknownHostKey

_PATIENCE = 20.0
"""Seconds until a host that says nothing counts as not there."""


class SshOptions(Options):
    """How SSH is spoken to a host."""

    port: int = Field(default=22, ge=1, le=65535)


class _Client(asyncssh.SSHClient):
    """Keeps the key that the host showed where it was none of the pinned ones."""

    shown: asyncssh.SSHKey | None = None

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:  # noqa: ARG002
        self.shown = key
        return False


async def connect(reach: Reach) -> asyncssh.SSHClientConnection:
    """Connect and sign in. Nothing of this machine's own SSH settings, keys or known hosts is used.

    `UnknownHostKey`; `KnownError` `ssh.host_key_changed`, `ssh.unknown_host`, `ssh.refused`, `ssh.no_answer`,
    `ssh.denied`, `ssh.bad_key`, `ssh.no_common_ground`, `ssh.lost`, `ssh.no_secret`.
    """
    options = SshOptions.model_validate(reach.connection.options)
    client = _Client()
    where = {"host": reach.target, "port": options.port}
    try:
        return await asyncio.wait_for(
            asyncssh.connect(
                reach.target,
                options.port,
                config=None,
                client_factory=lambda: client,
                username=reach.connection.user_name,
                known_hosts=(_pinned(reach), [], []),
                agent_path=None,
                gss_host=None,
                keepalive_interval=15,
                **_proof(reach),
            ),
            _PATIENCE,
        )
    except asyncssh.HostKeyNotVerifiable as error:
        raise _strange_key(reach, client.shown, where) from error
    except asyncssh.PermissionDenied as error:
        raise KnownError("ssh.denied", user=reach.connection.user_name, **where) from error
    except asyncssh.KeyExchangeFailed as error:
        raise KnownError("ssh.no_common_ground", reason=error.reason, **where) from error
    except asyncssh.Error as error:
        raise KnownError("ssh.lost", reason=error.reason, **where) from error
    except TimeoutError as error:
        raise KnownError("ssh.no_answer", seconds=int(_PATIENCE), **where) from error
    except socket.gaierror as error:
        raise KnownError("ssh.unknown_host", **where) from error
    except ConnectionRefusedError as error:
        raise KnownError("ssh.refused", **where) from error
    except OSError as error:
        raise KnownError("ssh.unreachable", reason=error.strerror or str(error), **where) from error


def _pinned(reach: Reach) -> list[asyncssh.SSHKey]:
    return [asyncssh.import_public_key(each) for each in reach.host_keys]


def _proof(reach: Reach) -> Mapping[str, Any]:
    """The key, or else the password, that lies in the keyring or was typed."""
    key, password = reach.secret("key"), reach.secret("password")
    if key is None and password is None:
        raise KnownError("ssh.no_secret", connection=reach.connection.name)
    try:
        keys = [asyncssh.import_private_key(key, reach.secret("passphrase"))] if key is not None else []
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise KnownError("ssh.bad_key", connection=reach.connection.name, reason=str(error)) from error
    return {"client_keys": keys, "password": password}


def _strange_key(reach: Reach, shown: asyncssh.SSHKey | None, where: Mapping[str, object]) -> KnownError:
    """Nobody has seen it yet, or it is another than before."""
    if shown is None:
        return KnownError("ssh.no_common_ground", reason="host key", **where)
    facts = {"algorithm": shown.get_algorithm(), "fingerprint": shown.get_fingerprint(), **where}
    if reach.host_keys:
        before = asyncssh.import_public_key(reach.host_keys[0]).get_fingerprint()
        return KnownError("ssh.host_key_changed", before=before, **facts)
    key = shown.export_public_key("openssh").decode().strip()
    return UnknownHostKey("ssh.host_key_unknown", key=key, **facts)
