"""Files of messages: the bytes once by their SHA-256, the names as they came."""

import hashlib
from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.models.identifiers import new_id
from app.models.tables import Attachment, Blob
from app.services.database.upsert import insert_new


class File(Protocol):
    """A file with a message, come in or going out."""

    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def content(self) -> bytes: ...
    @property
    def content_id(self) -> str | None: ...


def keep_files(session: Session, files: Iterable[tuple[UUID, int, File, bool]]) -> None:
    """Store files as (message, position, file, inline?)."""
    blobs: dict[str, dict[str, object]] = {}
    rows = []
    for message_id, position, file, inline in files:
        digest = getattr(file, "sha256", None) or hashlib.sha256(file.content).hexdigest()
        blobs[digest] = {"sha256": digest, "size": len(file.content), "content": file.content}
        rows.append(
            {
                "id": new_id(),
                "message_id": message_id,
                "position": position,
                "sha256": digest,
                "name": file.name,
                "media_type": file.media_type,
                "size": len(file.content),
                "content_id": file.content_id,
                "inline": inline,
            }
        )
    insert_new(session, Blob, sorted(blobs.values(), key=lambda each: str(each["sha256"])))
    if rows:
        session.execute(insert(Attachment), rows)
