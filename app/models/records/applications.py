"""What is supported, and by whom besides the desk."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from uuid import UUID

from app.models.records.desk import Audience, SupportModel


class ApplicationKind(StrEnum):
    """What an application is made of."""

    SQL_REPORT = "sql_report"
    HADOOP = "hadoop"
    PYTHON_MODEL = "python_model"
    JAVA_API = "java_api"
    SPARK_ETL = "spark_etl"
    REACT = "react"
    MOBILE = "mobile"
    ACCOUNTING = "accounting"
    OTHER = "other"


class Criticality(IntEnum):
    """What its standing still costs; 1 is the worst."""

    MISSION = 1
    BUSINESS = 2
    OPERATIONAL = 3
    ADMINISTRATIVE = 4


class Duty(StrEnum):
    """What a person does for an application."""

    DEVELOPER = "developer"
    QA = "qa"
    DBA = "dba"


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who made an application, and how they are reached. `calendar_id` None: round the clock."""

    id: UUID
    name: str
    contract: str = ""
    mail: str = ""
    phone: str = ""
    portal: str = ""
    calendar_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ApplicationCard:
    """All that is known of an application. Its hours are `calendar_id`'s, or 24x7 where that is None."""

    id: UUID
    name: str
    audience: Audience
    support_model: SupportModel
    kind: ApplicationKind = ApplicationKind.OTHER
    criticality: Criticality = Criticality.OPERATIONAL
    team_id: UUID | None = None
    calendar_id: UUID | None = None
    vendor_id: UUID | None = None
    runbook: str = ""
    restricted: bool = False
    people: tuple[tuple[UUID, Duty], ...] = field(default=())
