"""File names made safe for every file system, the true extension in sight.

Names come from strangers: with paths, device names of Windows, characters that turn the reading direction so that
`gpj.exe` reads as `exe.jpg`, and thousands of letters. The name is shown to people and used on disks; both must agree.
"""

import mimetypes
import re
import unicodedata

from app.services.mail.parsing.limits import MAX_NAME_BYTES

_SEPARATORS = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(?=\.|$)", re.IGNORECASE)
_DOTS = re.compile(r"\.{2,}")
_SPACE = re.compile(r"\s+")
_EXTENSIONS = {
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/feedback-report": ".txt",
    "text/rfc822-headers": ".txt",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "text/enriched": ".txt",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/json": ".json",
    "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
    "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".asc",
    "application/pgp-keys": ".asc",
    "application/ms-tnef": ".dat",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/octet-stream": ".bin",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/tiff": ".tif",
    "image/svg+xml": ".svg",
    "image/bmp": ".bmp",
    "image/webp": ".webp",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "video/mp4": ".mp4",
}
_STEMS = {
    "message/rfc822": "message",
    "message/delivery-status": "delivery-status",
    "message/feedback-report": "feedback-report",
    "message/disposition-notification": "receipt",
    "text/rfc822-headers": "headers",
    "text/calendar": "invitation",
    "application/pkcs7-mime": "smime",
    "application/x-pkcs7-mime": "smime",
    "application/pkcs7-signature": "smime",
    "application/x-pkcs7-signature": "smime",
    "application/pgp-signature": "signature",
    "application/pgp-encrypted": "encrypted",
    "application/ms-tnef": "winmail",
}


def safe_name(name: str) -> str:
    """The last part of a path, without what a file system or an eye could be misled by; empty if nothing is left."""
    name = unicodedata.normalize("NFC", name[:20_000])
    name = _SEPARATORS.split(name.rstrip("/\\ "))[-1]
    name = "".join(each for each in name if _visible(each))
    name = _FORBIDDEN.sub("_", _SPACE.sub(" ", name))
    name = _DOTS.sub(".", name).strip().rstrip(". ").lstrip(" ")
    if name.strip("._- ") == "":
        return ""
    if _DEVICES.match(name.replace(" ", "")):
        name = f"_{name}"
    return _cut(name)


def made_name(media_type: str, number: int) -> str:
    """A name for a part that came without one: `image-2.png`."""
    stem = _STEMS.get(media_type)
    extension = _EXTENSIONS.get(media_type) or mimetypes.guess_extension(media_type) or ".bin"
    if stem is None:
        stem = {"image": "image", "audio": "audio", "video": "video", "text": "text"}.get(
            media_type.partition("/")[0], "attachment"
        )
    return f"{stem}{extension}" if number < 2 else f"{stem}-{number}{extension}"


def _visible(character: str) -> bool:
    """Not a control, a format sign (these include the ones that turn the direction), a surrogate or unassigned."""
    if character.isascii():
        return " " <= character != "\x7f"
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _cut(name: str) -> str:
    """At most `MAX_NAME_BYTES` in UTF-8; the extension stays, the stem is cut."""
    if len(name.encode("utf-8")) <= MAX_NAME_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode("utf-8")) > 20:
        stem, dot, extension = name, "", ""
    room = MAX_NAME_BYTES - len(f"{dot}{extension}".encode())
    return stem.encode("utf-8")[:room].decode("utf-8", "ignore").rstrip(" .") + dot + extension
