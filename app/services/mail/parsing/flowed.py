"""Plain text of other makes as plain text: format=flowed (RFC 3676) and text/enriched (RFC 1896)."""

import re

_ENRICHED_PARAM = re.compile(r"<param>[^<]*</param>", re.IGNORECASE)
_ENRICHED_TAG = re.compile(r"</?[A-Za-z0-9-]{1,60}>")
_NEWLINES = re.compile(r"\n+")


def unflow(text: str, delete_space: bool) -> str:
    """Join the lines that end in a space with the next one of the same quote depth. `delete_space` is DelSp=yes."""
    told: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:]
        content = content[1:] if content.startswith(" ") else content
        flows = content.endswith(" ") and content != "-- "
        if content == "-- " or open_depth != depth:
            open_depth = None
        piece = content[:-1] if flows and delete_space else content
        if open_depth is None:
            told.append(f"{'>' * depth} {piece}" if depth else piece)
        else:
            told.append(f"\0{piece}")
        open_depth = depth if flows else None
    return "\n".join(told).replace("\n\0", "")


def plain_of_enriched(text: str) -> str:
    """Without its tags; single line ends are spaces, n of them are n-1."""
    text = _ENRICHED_TAG.sub("", _ENRICHED_PARAM.sub("", text.replace("<<", "\0")))
    text = _NEWLINES.sub(lambda match: " " if len(match[0]) == 1 else match[0][1:], text)
    return text.replace("\0", "<")
