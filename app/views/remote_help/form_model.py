"""What stands in a script's form, and what is wrong with it, before anybody is asked. Pure: it needs no widget."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.models.errors import KnownError
from app.models.records.runs import Connection, Value
from app.models.records.scripts import Manifest, Parameter, Transport
from app.models.rules.script_values import accepted, is_host
from app.services.remote_help.preparing import Wanted
from app.services.wording import language, tr, tr_error

TARGETS, CONSENT, PASSWORD = "target ", "consent ", "password "
"""Names of lines that no parameter can have; that of a password goes on with its connection's name."""

_BETWEEN = re.compile(r"[\s,;]+")
_ABOUT_TARGETS = (
    "remote.not_allowed",
    "remote.which_connection",
    "remote.other_connection",
    "script.no_target",
    "script.too_many_targets",
)


@dataclass(frozen=True)
class Filled:
    """What was typed; its repr tells no values. `agrees`: consent was ticked, in the words `consent`."""

    targets: Sequence[str] = ()
    given: Mapping[str, object] = field(default_factory=dict, repr=False)
    agrees: bool = False
    consent: str = ""
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)

    def wanted(self, manifest: Manifest, ticket_id: UUID | None, *, dry_run: bool) -> Wanted:
        words = (self.consent.strip() or tr("remote_view.consent_given")) if self.agrees else ""
        return Wanted(manifest.id, self.targets, self.given, ticket_id, dry_run, words, passwords=self.passwords)


def hosts_in(text: str) -> list[str]:
    """Names and addresses as they are pasted: one a line, or with commas or spaces between; each once."""
    return list(dict.fromkeys(filter(None, _BETWEEN.split(text))))


def problems(manifest: Manifest, filled: Filled, by: Sequence[Connection] = (), *, dry_run: bool) -> dict[str, str]:
    """By line, all that can be told without asking anybody."""
    found: dict[str, str] = {}
    if manifest.takes_target:
        hosts = () if manifest.transport is Transport.DIRECTORY else filled.targets
        wrong = [each for each in hosts if not is_host(each)]
        if wrong:
            found[TARGETS] = tr_error(KnownError("script.value_no_host", name=", ".join(wrong)))
        elif not filled.targets:
            found[TARGETS] = tr_error(KnownError("script.no_target", name=manifest.words(language()).name))
    for each in manifest.parameters:
        try:
            accepted(each, filled.given.get(each.name, each.default))
        except KnownError as error:
            found[each.name] = problem_words(manifest, error)
    for connection in by:
        if connection.asks_password and not filled.passwords.get(connection.name):
            found[f"{PASSWORD}{connection.name}"] = tr("remote_view.password_missing")
    if manifest.consent and not dry_run and not filled.agrees:
        found[CONSENT] = tr("remote_view.consent_missing")
    return found


def line_of(manifest: Manifest, error: KnownError) -> str:
    """The line that an error is about; empty where it is about none."""
    if error.code in _ABOUT_TARGETS:
        return TARGETS
    if error.code == "script.no_consent":
        return CONSENT
    name = str(error.facts.get("name", ""))
    return (
        name
        if error.code.startswith("script.value_") and any(each.name == name for each in manifest.parameters)
        else ""
    )


def problem_words(manifest: Manifest, error: KnownError) -> str:
    """With the label that people see in the place of the name that the script knows."""
    labels = {each.name: label_of(each) for each in manifest.parameters}
    name = error.facts.get("name")
    facts = {**error.facts, "name": labels[str(name)]} if str(name) in labels else error.facts
    return tr_error(KnownError(error.code, **facts))


def label_of(parameter: Parameter) -> str:
    return parameter.label.get(language()) or parameter.label["en"]


def hint_of(parameter: Parameter) -> str:
    """What the manifest says, and what may be typed where that is a number."""
    told = parameter.hint.get(language()) or parameter.hint.get("en", "")
    if parameter.least is not None and parameter.most is not None:
        told = f"{told} {tr('remote_view.range', least=parameter.least, most=parameter.most)}".strip()
    return told if parameter.required else f"{told} {tr('remote_view.optional')}".strip()


def kept(manifest: Manifest, parameters: Mapping[str, object]) -> Mapping[str, Value]:
    """The values of a run that can be filled in again: secrets and files are asked for anew."""
    asked_anew = ("secret", "file")
    found: dict[str, Value] = {}
    for each in manifest.parameters:
        value = parameters.get(each.name)
        plain = value if isinstance(value, str | int | bool) else None
        found[each.name] = None if each.type.value in asked_anew else plain
    return found
