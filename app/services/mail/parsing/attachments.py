"""The files of a mail: their true names, made safe, and their bytes."""

import html
import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import unquote

from app.models.records.mail import Attachment
from app.services.mail.parsing.filenames import made_name, safe_name
from app.services.mail.parsing.headers import decode_words, text_of, unfold
from app.services.mail.parsing.parameters import file_name, split_value
from app.services.mail.parsing.structure import Part, part_of
from app.services.mail.parsing.transfer import undo

_CID = re.compile(r"cid:([^\"'\s<>)]{1,500})", re.IGNORECASE)
_SLASHES = re.compile(r"[/\\]")
_FILE_IN_URL = re.compile(r"([^/\\?#:]+\.[A-Za-z0-9]{1,8})(?:[?#].*)?$")


def read_files(parts: Sequence[Part], markup: str | None, hint: str, defects: list[str]) -> tuple[Attachment, ...]:
    """Each part as a file, in the order of the mail. `hint` is the charset of the words, for names in raw 8-bit."""
    referred = {unquote(html.unescape(match)) for match in _CID.findall(markup or "")}
    counted: Counter[str] = Counter()
    found: list[Attachment] = []
    for part in parts:
        content, defect = undo(part.body, part.get("content-transfer-encoding"))
        if defect and defect not in defects:
            defects.append(defect)
        content_id = decode_words(part.get("content-id")).strip("<> ") or None
        location = part.get("content-location")
        name = safe_name(_given_name(part, hint))
        invented = not name
        if invented:
            name = safe_name(_other_name(part, content, location))
        if not name:
            counted[part.media_type] += 1
            name = made_name(part.media_type, counted[part.media_type])
        shown = content_id in referred or bool(markup and location and location in markup)
        found.append(Attachment(name, part.media_type, content, content_id, shown, invented))
    return tuple(found)


def _given_name(part: Part, hint: str) -> str:
    """What the sender called the file: Content-Disposition before Content-Type, as RFC 2183 has it."""
    told = part.raw("content-disposition")
    if told:
        text = unfold(told, hint)
        parameters = split_value(decode_words(text) if text.startswith("=?") else text)[1]
        name = parameters.get("filename") or parameters.get("name", "")
        if name.strip():
            return file_name(name)
    name = part.parameters.get("name") or part.parameters.get("file", "")
    if not name.isascii() and hint:
        name = split_value(unfold(part.raw("content-type"), hint))[1].get("name", name)
    return file_name(name)


def _other_name(part: Part, content: bytes, location: str) -> str:
    """For a file that was given no name: its address, or the subject of a mail that is forwarded."""
    found = _FILE_IN_URL.search(location[-500:]) if location else None
    if found:
        return unquote(found[1])
    if part.media_type in ("message/rfc822", "message/global"):
        subject = text_of(part_of(content[:65536], []).raw("subject"))[:120].strip(" .")
        return f"{_SLASHES.sub('_', subject)}.eml" if subject else ""
    return ""
