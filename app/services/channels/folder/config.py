"""The settings of a folder of mails."""

from pathlib import Path

from pydantic import Field

from app.services.channels.interface import ChannelConfig


class FolderConfig(ChannelConfig):
    """A folder that .eml files are put into, by an import or by another program."""

    address: str = Field("", title="Address", description="The address these mails were sent to")
    path: Path = Field(title="Folder", description="Where the .eml files lie")
    done: Path | None = Field(None, title="Move to", description="Files taken in are moved here; empty: they stay")
    outbox: Path | None = Field(None, title="Outbox", description="Answers are written here; empty: none can be sent")
