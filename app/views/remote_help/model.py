"""What the run dialog says. Pure: it needs no widget."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.models.errors import KnownError
from app.models.records.people import IdentityKind
from app.models.records.runs import TargetResult
from app.models.records.scripts import Known, Manifest
from app.models.records.tickets import TicketView
from app.services.remote_help.proposing import propose
from app.services.wording import tr, tr_error

_TEXT = 4_000
"""Letters of the conversation that are looked at for words."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A script that may be chosen; `why` says why it is proposed, empty where it is not."""

    manifest: Manifest
    why: str


def offers(manifests: Iterable[Manifest], ticket: TicketView | None) -> list[Offer]:
    """What fits the ticket comes first, each with the reason; then the others by name."""
    listed = {each.id: each for each in manifests}
    proposed: dict[str, str] = {}
    if ticket is not None:
        text = "\n".join(each.text for each in ticket.messages)[:_TEXT]
        for each in propose(listed.values(), subject=ticket.row.subject, text=text, category=ticket.concern.category):
            words = ", ".join((*each.words, *([each.category] if each.category else [])))
            proposed[each.script] = tr("remote_view.because", words=words)
    first = [Offer(listed[key], why) for key, why in proposed.items()]
    rest = sorted((each for each in listed.values() if each.id not in proposed), key=lambda each: each.id)
    return [*first, *(Offer(each, "") for each in rest)]


def known_of(ticket: TicketView | None) -> Mapping[Known, str]:
    """What a form may begin with."""
    if ticket is None:
        return {}
    found = {Known.TICKET_NUMBER: str(ticket.row.number), Known.TICKET_SUBJECT: ticket.row.subject}
    found[Known.TICKET_APPLICATION] = ticket.row.application or ""
    if ticket.requester is not None:
        mails = (each.value for each in ticket.requester.identities if each.kind is IdentityKind.MAIL)
        address = next(mails, "")
        found[Known.REQUESTER_NAME] = ticket.requester.name
        found[Known.REQUESTER_ADDRESS], found[Known.REQUESTER_ACCOUNT] = address, address.partition("@")[0]
    return {name: text for name, text in found.items() if text}


def confirm_words(words: str, targets: Iterable[str], given: Mapping[str, object]) -> str:
    """The question before something is changed, with what is to be changed in it."""
    for name, value in {"target": ", ".join(targets), **given}.items():
        words = words.replace(f"{{{name}}}", str(value))
    return words


def result_words(result: TargetResult) -> tuple[str, str, str, str]:
    """Target, outcome, what is known of it, and how long it took."""
    problem = tr_error(KnownError(result.problem, **result.problem_facts)) if result.problem else ""
    code = tr("remote_view.exit", code=result.exit_code) if result.exit_code else ""
    known = " ".join(filter(None, (problem, code, tr(f"run_remote.{result.remote.value}"))))
    lasted = result.lasted
    seconds = tr("remote_view.seconds", seconds=f"{lasted.total_seconds():.1f}") if lasted is not None else ""
    return result.target, tr(f"run_outcome.{result.outcome.value}"), known, seconds
