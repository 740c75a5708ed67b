"""What the folder channel is."""

from app.services.channels.folder.config import FolderConfig
from app.services.channels.folder.connector import open_folder
from app.services.channels.interface import Manifest, by_secrets_alone

MANIFEST = Manifest(
    kind="folder",
    config=FolderConfig,
    secrets=(),
    receives=True,
    sends=True,
    identity=by_secrets_alone,
    open=open_folder,
)
