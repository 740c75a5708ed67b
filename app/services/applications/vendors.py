"""Vendors: who made an application, and how they are reached."""

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from app.models.errors import KnownError, NotAllowed
from app.models.records.applications import Vendor as VendorRecord
from app.models.records.desk import Actor
from app.models.rules.permissions import Action, may
from app.models.tables import Application, Handoff, Vendor
from app.services.applications.merging import onto
from app.services.database import Database, Work
from app.services.trees import store


def vendors(database: Database) -> list[VendorRecord]:
    """All vendors by name."""
    with database.read() as session:
        return [_record(each) for each in session.scalars(select(Vendor).order_by(Vendor.name))]


def save_vendor(database: Database, actor: Actor, vendor: VendorRecord, seen: VendorRecord | None = None) -> None:
    """Add a vendor, or change it: where it was `seen` before, only what was changed since.

    `KnownError` `vendor.no_name`, `vendor.name_taken`, `vendor.bad_mail`; `NotAllowed`.
    """
    if not may(actor, Action.ARRANGE):
        raise NotAllowed("not_allowed.arrange")
    try:
        with database.write(actor) as work:
            row = work.session.get(Vendor, vendor.id)
            put_vendor(work, onto(_record(row), seen, vendor) if row is not None and seen is not None else vendor)
    except IntegrityError as error:
        raise KnownError("vendor.name_taken", name=vendor.name) from error


def put_vendor(work: Work, vendor: VendorRecord) -> None:
    """As `save_vendor`, within a write of something larger, by somebody who may."""
    row, values = work.session.get(Vendor, vendor.id), _values(vendor)
    before = {name: getattr(row, name) for name in values} if row is not None else {}
    differing = {name: value for name, value in values.items() if row is None or before[name] != value}
    if not differing:
        return
    if row is None:
        work.session.add(Vendor(id=vendor.id, **values))
    else:
        for name, value in differing.items():
            setattr(row, name, value)
    work.session.flush()
    work.changed("vendor", vendor.id)
    work.audit("vendor.saved", vendor.id, before={each: before.get(each) for each in differing}, after=differing)


def remove_vendor(database: Database, actor: Actor, vendor: VendorRecord) -> None:
    """`KnownError` `vendor.in_use` where an application, a tree or what was handed to it names it; `NotAllowed`."""
    if not may(actor, Action.ARRANGE):
        raise NotAllowed("not_allowed.arrange")
    with database.write(actor) as work:
        if _is_used(work, vendor):
            raise KnownError("vendor.in_use", name=vendor.name)
        work.session.execute(delete(Vendor).where(Vendor.id == vendor.id))
        work.changed("vendor", vendor.id)
        work.audit("vendor.removed", vendor.id, before={"name": vendor.name})


def _is_used(work: Work, vendor: VendorRecord) -> bool:
    for table in (Application, Handoff):
        if work.session.scalar(select(func.count()).select_from(table).where(table.vendor_id == vendor.id)):
            return True
    return store.names(work.session, "vendor", vendor.id)


def _record(row: Vendor) -> VendorRecord:
    return VendorRecord(row.id, row.name, row.contract, row.mail, row.phone, row.portal, row.calendar_id)


def _values(vendor: VendorRecord) -> dict[str, object]:
    name, mail = vendor.name.strip(), vendor.mail.strip().lower()
    if not name:
        raise KnownError("vendor.no_name")
    before, at, behind = mail.rpartition("@")
    if mail and not (before and at and behind and not any(map(str.isspace, mail))):
        raise KnownError("vendor.bad_mail", mail=vendor.mail)
    return {
        "name": name,
        "contract": vendor.contract.strip(),
        "mail": mail,
        "phone": vendor.phone.strip(),
        "portal": vendor.portal.strip(),
        "calendar_id": vendor.calendar_id,
    }
