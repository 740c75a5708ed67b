"""Reading mail: bytes as any mailbox holds them to a `Mail`."""

from app.services.mail.parsing.message import read_mail

__all__ = ["read_mail"]
