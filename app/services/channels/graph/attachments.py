"""Taking large files out of a mail that is more than one request may hold, to be uploaded by themselves.

The rest stays as it was written: its headers tell the thread.
"""

from dataclasses import dataclass, field
from email.generator import BytesGenerator
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from io import BytesIO
from typing import Any, TypeAlias

Part: TypeAlias = "Message[str, str]"
_CRLF = compat32.clone(linesep="\r\n", max_line_length=None)


@dataclass(frozen=True, slots=True)
class LargeFile:
    """A file of a mail. `content_id` is without angle brackets, empty where no picture in the text refers to it."""

    name: str
    kind: str
    content: bytes = field(repr=False)
    content_id: str = ""
    inline: bool = False


def slimmed(raw: bytes, most: int) -> tuple[bytes, list[LargeFile]]:
    """The mail in at most `most` bytes, and the files that had to leave it, the largest first.

    It stays larger where what remains is no file.
    """
    mail = BytesParser(policy=compat32).parsebytes(raw)
    found = sorted(_files(mail), key=lambda pair: len(_written(pair[1])), reverse=True)
    taken: list[LargeFile] = []
    left = len(raw)
    for holder, part in found:
        if left <= most:
            break
        left -= len(_written(part))
        inside: Any = holder.get_payload()
        inside.remove(part)
        taken.append(_file(part))
    return (_written(mail), taken) if taken else (raw, [])


def _files(holder: Part) -> list[tuple[Part, Part]]:
    """Each file with the part that holds it; a mail inside the mail is one file."""
    if holder.get_content_maintype() != "multipart":
        return []
    found: list[tuple[Part, Part]] = []
    inside: Any = holder.get_payload()
    for each in inside if isinstance(inside, list) else []:
        found += _files(each)
        if each.get_content_maintype() != "multipart" and _is_file(each):
            found.append((holder, each))
    return found


def _is_file(part: Part) -> bool:
    return bool(part.get_filename() or part.get("Content-ID")) or part.get_content_disposition() == "attachment"


def _file(part: Part) -> LargeFile:
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inside: Any = part.get_payload()
        content = _written(inside[0])
    else:
        decoded: Any = part.get_payload(decode=True)
        content = decoded or b""
    return LargeFile(
        _name(part, kind),
        kind,
        content,
        str(part.get("Content-ID", "")).strip().strip("<>"),
        part.get_content_disposition() == "inline",
    )


def _name(part: Part, kind: str) -> str:
    told = part.get_filename()
    if told:
        return str(make_header(decode_header(told)))
    return "mail.eml" if kind == "message/rfc822" else "file"


def _written(part: Part) -> bytes:
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=_CRLF).flatten(part)
    return out.getvalue()
