"""The settings of a folder of mails."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from app.services.channels.interface import ChannelConfig

_OptionalPath = Annotated[Path | None, BeforeValidator(lambda given: given or None)]


class FolderConfig(ChannelConfig):
    """A folder that .eml files are put into, by an import or by another program."""

    address: str = Field("", title="Address", description="The address these mails were sent to")
    path: Path = Field(title="Folder", description="Where the .eml files lie")
    done: _OptionalPath = Field(None, title="Move to", description="Files taken in are moved here; empty: they stay")
    outbox: _OptionalPath = Field(None, title="Outbox", description="Answers are written here; empty: none can be sent")

    @model_validator(mode="after")
    def _apart(self) -> Self:
        folders = [each.absolute() for each in (self.path, self.done, self.outbox) if each is not None]
        if len(set(folders)) < len(folders):
            raise ValueError("the folder, the one to move to and the outbox must be three different ones")
        return self
