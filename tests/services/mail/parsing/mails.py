"""Small mails for one fact each."""

from app.models.records.mail import Mail
from app.services.mail.parsing import read_mail


def mail(headers: str | bytes, body: str | bytes = "Hello\n") -> Mail:
    """Read a mail of these headers and this body; text is UTF-8."""
    head = headers.encode() if isinstance(headers, str) else headers
    rest = body.encode() if isinstance(body, str) else body
    return read_mail(head.strip() + b"\n\n" + rest)


def multipart(*parts: str, subtype: str = "mixed", headers: str = "", closed: bool = True) -> Mail:
    """Read a multipart mail; each part is its headers, a blank line and its body."""
    body = "".join(f"--b\n{part}\n" for part in parts) + ("--b--\n" if closed else "")
    return mail(f"{headers}\nContent-Type: multipart/{subtype}; boundary=b", body)


def file_names(read: Mail) -> list[str]:
    return [each.name for each in read.attachments]
