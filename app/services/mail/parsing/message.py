"""A mail from its bytes: the one door of this package."""

import re
from collections.abc import Mapping

from app.models.errors import KnownError
from app.models.records.mail import Address, Mail
from app.services.mail.parsing.addresses import read_addresses
from app.services.mail.parsing.attachments import read_files
from app.services.mail.parsing.bodies import read_bodies
from app.services.mail.parsing.dates import read_date
from app.services.mail.parsing.headers import decode_words, unfold
from app.services.mail.parsing.kind import kind_of
from app.services.mail.parsing.structure import Part, parse
from app.services.mail.quoting import split_reply

_ANYTHING = re.compile(rb"[^\s\0]")
_ID = re.compile(r"<([^<>\s]{1,998})>")
_AROUND_ID = "<>,;\"'()"
_MOST_REFERENCES = 200


def read_mail(raw: bytes) -> Mail:
    """Read a mail, whatever state it is in; what was broken and mended is told in its `defects`.

    Raises KnownError `mail.too_many_parts` for a mail built to keep its reader busy, and `mail.empty` for no mail.
    """
    if _ANYTHING.search(raw) is None:
        raise KnownError("mail.empty")
    defects: list[str] = []
    root = parse(raw, defects)
    hint = _charset(root)
    unfolded = _unfolded(root, hint)
    bodies = read_bodies(root, defects)
    headers = {name: tuple(decode_words(each) for each in values) for name, values in unfolded.items()}
    senders = _people(unfolded, "from") or _people(unfolded, "sender")
    text = bodies.text
    files = read_files(bodies.files, bodies.html, hint, defects)
    subject = (headers.get("subject") or ("",))[0]
    date = read_date((headers.get("date") or ("",))[0])
    if date is None and "date" in headers:
        defects.append("date")
    kind, reason = kind_of(root, headers, subject, senders[0] if senders else None, text)
    return Mail(
        message_id=next(iter(_ids(unfolded, "message-id")), None),
        in_reply_to=_ids(unfolded, "in-reply-to"),
        references=_ids(unfolded, "references"),
        subject=subject,
        sender=_sender(senders),
        reply_to=_reachable(_people(unfolded, "reply-to")),
        to=_reachable(_people(unfolded, "to")),
        cc=_reachable(_people(unfolded, "cc")),
        date=date,
        text=text,
        html=bodies.html,
        reply=split_reply(text),
        attachments=files,
        kind=kind,
        kind_reason=reason,
        headers=headers,
        defects=tuple(defects),
    )


def _charset(root: Part) -> str:
    """The first charset that the mail names, for what is written in 8-bit without a label."""
    return next((part.parameters["charset"] for part in root.walk() if part.parameters.get("charset")), "")


def _unfolded(root: Part, hint: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, value in root.headers:
        found.setdefault(name, []).append(unfold(value, hint))
    return {name: tuple(values) for name, values in found.items()}


def _people(headers: Mapping[str, tuple[str, ...]], name: str) -> tuple[Address, ...]:
    return tuple(person for value in headers.get(name, ()) for person in read_addresses(value))


def _sender(senders: tuple[Address, ...]) -> Address | None:
    """The first of several authors who can be written to."""
    return next((each for each in senders if each.address), senders[0] if senders else None)


def _reachable(people: tuple[Address, ...]) -> tuple[Address, ...]:
    return tuple(each for each in people if each.address)


def _ids(headers: Mapping[str, tuple[str, ...]], name: str) -> tuple[str, ...]:
    """Message-IDs in their order, each once. Some mailers forget the brackets, or write a sentence around them."""
    found: dict[str, None] = {}
    for value in headers.get(name, ()):
        words = value.split()
        bare = (word.strip(_AROUND_ID) for word in words if "@" in word or len(words) == 1)
        found.update(dict.fromkeys(_ID.findall(value) or filter(None, bare)))
    ids = tuple(found)
    # The oldest names the thread, the newest the answered mail: cut in the middle.
    return ids if len(ids) <= _MOST_REFERENCES else ids[:1] + ids[1 - _MOST_REFERENCES :]
