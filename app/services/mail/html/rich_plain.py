"""Rich text as plain text, the way people write it in mails."""

from collections.abc import Sequence

from app.models.records.rich_text import Kind, Paragraph, Run


def to_plain(paragraphs: Sequence[Paragraph]) -> str:
    """One line for each paragraph: `- ` and `1. ` before lists, `> ` before quotes, links as `words <address>`."""
    lines = []
    numbers: list[int] = []
    for each in paragraphs:
        numbers = _counted(numbers, each)
        lines.append(f"{'> ' * each.quote}{_bullet(numbers, each)}{_words(each.runs)}".rstrip())
    return "\n".join(lines).strip("\n")


def _counted(numbers: list[int], line: Paragraph) -> list[int]:
    """How far each of the lists that are open has come."""
    if not line.depth:
        return []
    kept = (numbers + [0] * line.depth)[: line.depth]
    return [*kept[:-1], kept[-1] + 1]


def _bullet(numbers: Sequence[int], line: Paragraph) -> str:
    if not line.depth:
        return ""
    mark = f"{numbers[-1]}. " if line.kind is Kind.NUMBER else "- "
    return "  " * (line.depth - 1) + mark


def _words(runs: Sequence[Run]) -> str:
    return "".join(f"{each.text} <{each.style.href}>" if _tells_more(each) else each.text for each in runs)


def _tells_more(run: Run) -> bool:
    address = run.style.href.removeprefix("mailto:").rstrip("/")
    return bool(address) and address not in run.text and run.text not in address
