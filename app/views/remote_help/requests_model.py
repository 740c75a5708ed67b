"""Runs that wait for a second person, in words. Pure: it needs no widget."""

from collections.abc import Sequence
from uuid import UUID

from app.services.remote_help.agreeing import Answer, Request
from app.services.wording import language, tr
from app.views.kit.times import date_words
from app.views.remote_help.model import name_of, parameters_words


def line_words(request: Request) -> str:
    """Who asks for what; or what became of one's own."""
    if not request.mine:
        return tr("remote_requests.line", who=request.run.agent, name=name_of(request.manifest))
    return tr(f"remote_requests.own.{request.answer.value}", name=name_of(request.manifest))


def answer_words(request: Request) -> str:
    until = date_words(request.until)
    match request.answer:
        case Answer.AWAITED if request.mine:
            return tr("remote_requests.awaited", until=until)
        case Answer.AWAITED:
            return tr("remote_requests.asked", who=request.run.agent, at=date_words(request.run.at), until=until)
        case Answer.AGREED:
            return tr("remote_requests.agreed", name=request.run.second, until=until)
    return tr("remote_requests.refused", name=request.run.second, words=request.run.refusal)


def facts_words(request: Request) -> str:
    """What it changes, with which values, and what the requester said to it."""
    run, words = request.run, request.manifest.words(language())
    told = [words.description, tr("remote_view.changes", changes=words.changes, undo=words.undo)]
    if run.number is not None:
        told.append(tr("remote_view.for_ticket", number=run.number))
    if values := parameters_words(run):
        told.append(tr("remote_runs.values", values=values))
    if run.consent:
        told.append(tr("remote_runs.consent", words=run.consent))
    return "\n".join(told)


def preview_words(request: Request) -> str:
    return "\n".join(request.run.previews.values())


def fresh(before: Sequence[Request], now: Sequence[Request]) -> list[Request]:
    """What is news to the person here: what they are asked, and answers to what they asked."""
    known: set[tuple[UUID, Answer]] = {(each.run.id, each.answer) for each in before}
    return [
        each
        for each in now
        if (each.run.id, each.answer) not in known and not (each.mine and each.answer is Answer.AWAITED)
    ]


def news_words(requests: Sequence[Request]) -> str:
    """One sentence each, for a notice."""
    told = []
    for each in requests:
        who = each.run.second if each.mine else each.run.agent
        key = each.answer.value if each.mine else "asked"
        where = ", ".join(each.run.targets)
        told.append(tr(f"remote_requests.news.{key}", who=who, name=name_of(each.manifest), where=where))
    return "\n".join(told)
