"""What Windows shows of a program file: its icon, and the page "Details" of its properties."""

import struct
import tomllib
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from app import __version__

SIZES = (16, 20, 24, 32, 48, 64, 256)
_MAKER = "The Firstline authors"


def write_icon(root: Path, folder: Path) -> Path:
    """Draw `resources/icons/app.svg` in the accent of the light theme into an .ico with every size Windows asks for.

    The format: a header, an entry of 16 bytes a picture, then the pictures, as PNG since Windows Vista.
    """
    accent = tomllib.loads((root / "resources" / "themes" / "light.toml").read_text(encoding="utf-8"))["accent"]
    drawing = (root / "resources" / "icons" / "app.svg").read_text(encoding="utf-8").replace("#000000", accent)
    pictures = [_drawn(QSvgRenderer(QByteArray(drawing.encode())), size) for size in SIZES]
    offset = 6 + 16 * len(pictures)
    head = struct.pack("<3H", 0, 1, len(pictures))
    for size, picture in zip(SIZES, pictures, strict=True):
        head += struct.pack("<4B2H2I", size % 256, size % 256, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "firstline.ico"
    file.write_bytes(head + b"".join(pictures))
    return file


def _drawn(renderer: QSvgRenderer, size: int) -> bytes:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def version_resource() -> Any:
    """Version, name and maker, as PyInstaller wants them."""
    from PyInstaller.utils.win32.versioninfo import (  # noqa: PLC0415 - there only on Windows
        FixedFileInfo,
        StringFileInfo,
        StringStruct,
        StringTable,
        VarFileInfo,
        VarStruct,
        VSVersionInfo,
    )

    four = (*map(int, __version__.split(".")[:3]), 0)
    told = {
        "CompanyName": _MAKER,
        "FileDescription": "Firstline service desk",
        "FileVersion": __version__,
        "LegalCopyright": _MAKER,
        "ProductName": "Firstline",
        "ProductVersion": __version__,
    }
    strings = StringTable("040904B0", [StringStruct(name, value) for name, value in told.items()])
    kinds = [StringFileInfo([strings]), VarFileInfo([VarStruct("Translation", [0x0409, 1200])])]
    return VSVersionInfo(ffi=FixedFileInfo(filevers=four, prodvers=four, mask=0x3F, fileType=1), kids=kinds)
