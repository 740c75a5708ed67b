"""The Date header as an instant: RFC 5322, its obsolete forms, and what mailers write instead."""

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen sty янв led janv janvier januar january januari enero gennaio styczen stycznia janeiro",
            "feb fev fév feb. lut фев úno févr février februar february februari febrero febbraio lutego fevereiro",
            "mar mär mrz maa мар bře mars märz march maart marzo marca março",
            "apr avr abr kwi апр dub avril april aprile abril kwietnia",
            "may mai maj mei mag мая май kvě mayo maggio maja maio",
            "jun giu cze июн čer juin juni june junio giugno czerwca junho",
            "jul lug lip июл čvc juil juillet juli july julio luglio lipca julho",
            "aug aoû ago sie авг srp août august augustus agosto sierpnia",
            "sep set wrz сен zář sept septembre september septiembre settembre września setembro",
            "oct okt ott paź окт říj octobre oktober october octubre ottobre października outubro out",
            "nov lis ноя novembre november noviembre listopada novembro",
            "dec dez dic déc gru дек pro décembre dezember december diciembre dicembre grudnia dezembro",
        ),
        1,
    )
    for name in names.split()
}
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120, "mez": 60,
    "mesz": 120, "met": 60, "mest": 120, "eet": 120, "eest": 180, "msk": 180, "ist": 330, "jst": 540, "kst": 540,
    "sgt": 480, "hkt": 480, "awst": 480, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "edt": -240, "est": -300,
    "cdt": -300, "cst": -360, "mdt": -360, "mst": -420, "pdt": -420, "pst": -480, "akdt": -480, "akst": -540,
    "hst": -600, "brt": -180, "art": -180,
}  # fmt: skip
_COMMENT = re.compile(r"\([^()]*\)")
_TIME = re.compile(
    r"(?<!\d)(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?(?:[.,]\d{1,9})?(?!\d)\s*([ap]\.?m\b)?", re.IGNORECASE
)
_OFFSET = re.compile(r"(?:gmt|utc?|z)?\s*([+\u2212-])\s*(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)
_ZONE = re.compile(r"\b([A-Za-z]{1,5})\b")
_NAMED = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s.,/-]{0,4}(?:de\s)?([^\W\d_]{3,10})\.?[\s.,/-]{0,4}(?:de\s)?(\d{2,4})(?!\d)"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,10})\.?\s{1,3}(\d{1,2})(?:st|nd|rd|th)?,?\s(?:.{0,20}?\s)?(\d{4})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DOTTED = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?!\d)")


def read_date(text: str) -> datetime | None:
    """Aware UTC; None where no instant can be read. Without a zone UTC is assumed, as RFC 5322 has it for `-0000`."""
    text = _COMMENT.sub(" ", text[:200]).strip()
    day = _day(text)
    if day is None:
        return None
    (year, month, date), (start, end) = day
    rest = text[:start] + " " + text[end:] if start else text[end:]
    rest = rest.lstrip("Tt")
    hour, minute, second, zone = _time(rest)
    try:
        zoned = datetime(year, month, date, hour, minute, min(second, 59), tzinfo=zone)
        return zoned.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> tuple[tuple[int, int, int], tuple[int, int]] | None:
    """Year, month and day, and where they stand."""
    iso = _ISO.search(text)
    if iso:
        return (int(iso[1]), int(iso[2]), int(iso[3])), iso.span()
    for match in _NAMED.finditer(text):
        month = _month(match[2])
        if month:
            return (_year(match[3]), month, int(match[1])), match.span()
    for match in _MONTH_FIRST.finditer(text):
        month = _month(match[1])
        if month:
            # The time may stand between day and year (asctime), so it stays in what is left.
            return (int(match[3]), month, int(match[2])), (0, match.start(2) + len(match[2]))
    dotted = _DOTTED.search(text)
    if dotted:
        return (_year(dotted[3]), int(dotted[2]), int(dotted[1])), dotted.span()
    return None


def _month(word: str) -> int | None:
    low = word.lower()
    return _MONTHS.get(low) or _MONTHS.get(low[:3])


def _year(digits: str) -> int:
    """RFC 5322, 4.3: two digits are 2000 to 2049 or 1950 to 1999, three count from 1900."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _time(text: str) -> tuple[int, int, int, timezone]:
    match = _TIME.search(text)
    if match is None:
        return 0, 0, 0, UTC
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    half = (match[4] or "").lower()
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    return hour, minute, second, _zone(text[match.end() :])


def _zone(text: str) -> timezone:
    offset = _OFFSET.search(text)
    if offset:
        hours, minutes = int(offset[2]), int(offset[3] or 0)
        if hours < 24 and minutes < 60:
            away = timedelta(hours=hours, minutes=minutes)
            return timezone(away if offset[1] == "+" else -away)
        return UTC
    for match in _ZONE.finditer(text):
        if match[1].lower() in _ZONES:
            return timezone(timedelta(minutes=_ZONES[match[1].lower()]))
    return UTC
