"""The catalogue as an administrator writes it: a TOML file of teams, people, organisations, hours,
vendors, applications, targets and rules."""

import tomllib
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.models.errors import KnownError
from app.models.records.applications import ApplicationKind, Criticality
from app.models.records.clocks import ClockKind
from app.models.records.desk import Audience, Role, SupportModel
from app.services.trees.form import Duration

_STRICT = ConfigDict(extra="forbid", frozen=True)
Name = Field(min_length=1, max_length=200)


class TeamEntry(BaseModel):
    """`level` is 1 to 3, or 4 for a vendor; `manager` the mail address of who leads it."""

    model_config = _STRICT
    name: str = Name
    level: Literal[1, 2, 3, 4]
    manager: str | None = None


class AgentEntry(BaseModel):
    model_config = _STRICT
    name: str = Name
    mail: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    role: Role = Role.AGENT
    teams: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    active: bool = True


class OrganisationEntry(BaseModel):
    model_config = _STRICT
    name: str = Name
    domain: str = Field(pattern=r"^[^@\s]+$")


class WeekEntry(BaseModel):
    """Opening hours as `09:00-12:00, 13:00-17:30`; a day that is not named is closed."""

    model_config = _STRICT
    monday: str = ""
    tuesday: str = ""
    wednesday: str = ""
    thursday: str = ""
    friday: str = ""
    saturday: str = ""
    sunday: str = ""


class CalendarEntry(BaseModel):
    """`days` are closures and days with hours of their own, as in `models.rules.closure_days`."""

    model_config = _STRICT
    name: str = Name
    zone: str
    country: str = ""
    region: str = ""
    days: tuple[str, ...] = ()
    week: WeekEntry


class VendorEntry(BaseModel):
    """Its hours are `calendar`'s, round the clock without one."""

    model_config = _STRICT
    name: str = Name
    contract: str = ""
    mail: str = ""
    phone: str = ""
    portal: str = ""
    calendar: str | None = None


class TargetEntry(BaseModel):
    """`within` is open time, as `15m`, `4h` or `1h30m`; for all without an application and an organisation (by domain).
    By the application's hours without a calendar."""

    model_config = _STRICT
    clock: ClockKind
    priority: Literal[1, 2, 3, 4]
    within: Duration
    application: str | None = None
    organisation: str | None = None
    calendar: str | None = None


class ApplicationEntry(BaseModel):
    """What it does not name of `kind` and all below stays as it is. People are mail addresses."""

    model_config = _STRICT
    name: str = Name
    audience: Audience
    model: SupportModel = SupportModel.TIERED
    team: str | None = None
    restricted: bool = False
    kind: ApplicationKind = ApplicationKind.OTHER
    criticality: Criticality = Criticality.OPERATIONAL
    calendar: str | None = None
    vendor: str | None = None
    runbook: str = ""
    developer: tuple[str, ...] = ()
    qa: tuple[str, ...] = ()
    dba: tuple[str, ...] = ()


class ConditionsEntry(BaseModel):
    """As `models.rules.routing.Conditions`."""

    model_config = _STRICT
    senders: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class RuleEntry(BaseModel):
    """A rule sets those of application, team and priority that it names."""

    model_config = _STRICT
    name: str = Name
    conditions: ConditionsEntry
    application: str | None = None
    team: str | None = None
    priority: Literal[1, 2, 3, 4] | None = None
    active: bool = True


class Catalogue(BaseModel):
    """The whole file. The rules are tried in the order in which they stand."""

    model_config = _STRICT
    team: tuple[TeamEntry, ...] = ()
    agent: tuple[AgentEntry, ...] = ()
    organisation: tuple[OrganisationEntry, ...] = ()
    calendar: tuple[CalendarEntry, ...] = ()
    vendor: tuple[VendorEntry, ...] = ()
    application: tuple[ApplicationEntry, ...] = ()
    target: tuple[TargetEntry, ...] = ()
    rule: tuple[RuleEntry, ...] = ()


def read_catalogue(text: str) -> Catalogue:
    """The file's content; `KnownError` `catalogue.broken` names the place and what is wrong there."""
    try:
        return Catalogue.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise KnownError("catalogue.broken", place="TOML", reason=str(error)) from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = " ".join(str(each + 1) if isinstance(each, int) else each for each in first["loc"])
        raise KnownError("catalogue.broken", place=place, reason=first["msg"]) from error
