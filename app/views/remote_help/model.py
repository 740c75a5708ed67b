"""What remote help says of scripts and runs. Pure: it needs no widget."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.models.errors import KnownError
from app.models.records.runs import Ended, Outcome, Run, TargetResult
from app.models.records.scripts import SERVICES, Manifest, Risk, Transport
from app.services.remote_help.counting import Counted
from app.services.remote_help.proposing import Proposal
from app.services.wording import language, tr, tr_error
from app.views.remote_help.feed import TargetState

RISK_LOOKS: Mapping[Risk, tuple[str, str]] = {
    Risk.READ: ("search", "success"),
    Risk.CHANGE: ("settings", "info"),
    Risk.DISRUPT: ("warning", "warning"),
}
"""Picture and tint: the word beside them says the same."""

STATE_LOOKS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.WAITING: ("clock", "muted"),
    Outcome.RUNNING: ("waiting", "info"),
    Outcome.SUCCEEDED: ("check", "success"),
    Outcome.FAILED: ("error", "danger"),
    Outcome.CANCELLED: ("close", "muted"),
    Outcome.TIMED_OUT: ("clock", "warning"),
    Outcome.LOST: ("warning", "warning"),
    Outcome.REFUSED: ("lock", "warning"),
}
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class StateLine:
    """One target in words."""

    target: str
    outcome: Outcome
    state: str
    exit: str
    time: str
    last: str


def state_line(state: TargetState, now: float) -> StateLine:
    """What is known of it by now."""
    end = state.end
    waits = Outcome.RUNNING if state.began_at is not None else Outcome.WAITING
    outcome = end.outcome if end is not None else waits
    code = "" if end is None or end.exit_code is None else str(end.exit_code)
    last = _ended_words(end) if end is not None else ""
    lasted = seconds_words(state.lasted(now)) if state.began_at is not None else ""
    return StateLine(
        state.target, outcome, tr(f"run_outcome.{outcome.value}"), code, lasted, last or state.doing or state.last
    )


def result_line(result: TargetResult) -> StateLine:
    """The same of what was written down."""
    code = "" if result.exit_code is None else str(result.exit_code)
    lasted = seconds_words(result.lasted.total_seconds()) if result.lasted is not None else ""
    words = tr(f"run_outcome.{result.outcome.value}")
    return StateLine(result.target, result.outcome, words, code, lasted, known_words(result))


def known_words(result: TargetResult) -> str:
    """What is known of the target where that is not just that it succeeded."""
    problem = KnownError(result.problem, **result.problem_facts) if result.problem else None
    return _ended_words(Ended(result.outcome, result.remote, result.exit_code, problem))


def _ended_words(end: Ended) -> str:
    if end.outcome is Outcome.SUCCEEDED:
        return ""
    if end.problem is None:
        return tr(f"run_remote.{end.remote.value}")
    problem = tr_error(end.problem)  # that of a lost connection says what is not known any more
    return problem if end.outcome is Outcome.LOST else f"{problem} {tr(f'run_remote.{end.remote.value}')}"


def seconds_words(seconds: float) -> str:
    if seconds < _MINUTE:
        return tr("remote_view.seconds", seconds=f"{seconds:.1f}")
    minutes, rest = divmod(int(seconds), _MINUTE)
    return tr("remote_view.minutes", minutes=minutes, seconds=f"{rest:02d}")


def name_of(manifest: Manifest) -> str:
    return manifest.words(language()).name


def risk_words(manifest: Manifest) -> str:
    return tr(f"remote_risk.{manifest.risk.value}")


def reason_words(proposal: Proposal | None) -> str:
    """Why it is proposed, in the ticket's own words; empty where it is not."""
    if proposal is None:
        return ""
    words = [*proposal.words, *([tr("remote_view.category", name=proposal.category)] if proposal.category else [])]
    return tr("remote_view.because", words=", ".join(words))


def counted_words(counted: Counted) -> str:
    """How often it worked this month; empty where it did not run."""
    return tr("remote_view.counted", worked=counted.worked, ran=counted.ran) if counted.ran else ""


def filled(words: str, targets: Iterable[str], given: Mapping[str, object]) -> str:
    """`{target}` and the parameters' names, filled in."""
    for name, value in {"target": ", ".join(targets), **given}.items():
        words = words.replace(f"{{{name}}}", "" if value is None else str(value))
    return words


def end_words(run: Run) -> tuple[str, str]:
    """What became of all of it: the level of a banner, and the words."""
    if run.outcome is Outcome.SUCCEEDED:
        return "success", tr("remote_view.succeeded_note" if run.ticket_id is not None else "remote_view.succeeded")
    good = sum(1 for each in run.results if each.outcome is Outcome.SUCCEEDED)
    why = next((words for words in map(known_words, run.results) if words), "")
    if len(run.results) == 1:
        outcome = tr(f"run_outcome.{run.outcome.value}")
        return "error", tr("remote_view.ended_one", target=run.results[0].target, outcome=outcome, why=why)
    return "error", tr("remote_view.ended_many", good=good, all=len(run.results), why=why)


def parameters_words(run: Run) -> str:
    """The masked values that it ran with."""
    told = (f"{name}: {value}" for name, value in run.parameters.items() if value not in (None, ""))
    return ", ".join(told)


def note_words(manifest: Manifest, run: Run) -> str:
    """The note that is suggested: the script's own words where it succeeded, else what became of it."""
    words = manifest.words(language())
    if run.outcome is Outcome.SUCCEEDED and words.note:
        return filled(words.note, (each.target for each in run.results), run.parameters)
    lines = [tr("remote_view.note", name=words.name)]
    lines += [tr("remote_view.note_line", target=each.target, outcome=result_line(each).state) for each in run.results]
    return "\n".join(lines)


def target_title(transport: Transport) -> str:
    """What a target is called that a script reaches this way."""
    if transport is Transport.DIRECTORY:
        return tr("remote_view.column.account")
    return tr("remote_view.column.service" if transport in SERVICES else "remote_view.column.host")


def tables_of(results: Sequence[TargetResult], title: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]] | None:
    """The rows that the targets told, together, with their target first where there are several, below `title`; None:
    no table."""
    found = [(each.target, each.document) for each in results if _is_table(each.document)]
    if not found:
        return None
    several = len(results) > 1
    columns = list(dict.fromkeys(str(name) for _, told in found for name in told["columns"]))
    rows = []
    for target, told in found:
        places = {str(name): place for place, name in enumerate(told["columns"])}
        for row in told["rows"]:
            cells = ["" if name not in places else _cell(row[places[name]]) for name in columns]
            rows.append(tuple([target, *cells] if several else cells))
    return tuple([title, *columns] if several else columns), rows


def documents_of(results: Sequence[TargetResult]) -> Any:
    """The documents that are no tables: the only one, or by target; None where there is none."""
    found = {each.target: each.document for each in results if each.document is not None}
    told = {target: document for target, document in found.items() if not _is_table(document)}
    return next(iter(told.values())) if len(told) == 1 and len(results) == 1 else told or None


def _is_table(document: Any) -> bool:
    return isinstance(document, dict) and set(document) == {"columns", "rows"} and isinstance(document["rows"], list)


def _cell(value: object) -> str:
    return "" if value is None else str(value)
