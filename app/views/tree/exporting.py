"""The picture as a file: SVG and PDF of lines and letters, PNG of dots twice as fine as a screen's."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QWidget

from app.models.errors import KnownError
from app.services.wording import tr
from app.views.tree.scene import TreeScene

SUFFIXES = ("svg", "png", "pdf")
_FINENESS = 2
_DOTS_PER_INCH = 96
_POINTS = 72 / _DOTS_PER_INCH
_MOST_PIXELS = 60_000_000
"""An image beyond that is drawn coarser, so that it fits into memory."""


def export(scene: TreeScene, file: Path, title: str) -> Path:
    """Write all of the picture; the kind is the file's suffix.

    Raises KnownError `tree_view.unknown_kind` for another suffix and `file.cannot_write` where it cannot be written.
    """
    kinds: dict[str, Callable[[TreeScene, Path, str], bool]] = {"svg": _svg, "png": _png, "pdf": _pdf}
    kind = file.suffix.lower().removeprefix(".")
    if kind not in kinds:
        raise KnownError("tree_view.unknown_kind", kind=kind or file.name, kinds=", ".join(SUFFIXES))
    chosen = scene.current
    scene.choose(None)
    try:
        written = kinds[kind](scene, file, title)
    finally:
        scene.choose(chosen)
    if not written or not file.is_file() or not file.stat().st_size:
        raise KnownError("file.cannot_write", file=file, reason=kind.upper())
    return file


def ask_for_file(window: QWidget, name: str, kind: str) -> Path | None:
    """Where a person wants the picture of that kind; None where they do not."""
    title = tr("tree_view.export_title", kind=kind.upper())
    file, _ = QFileDialog.getSaveFileName(window, title, f"{name}.{kind}", f"{kind.upper()} (*.{kind})")
    if not file:
        return None
    return Path(file) if Path(file).suffix else Path(f"{file}.{kind}")


def _svg(scene: TreeScene, file: Path, title: str) -> bool:
    whole = scene.whole()
    generator = QSvgGenerator()
    generator.setFileName(str(file))
    generator.setTitle(title)
    generator.setResolution(_DOTS_PER_INCH)
    generator.setSize(whole.size().toSize())
    generator.setViewBox(QRect(0, 0, round(whole.width()), round(whole.height())))
    return _painted(scene, generator, QRectF(0, 0, whole.width(), whole.height()))


def _png(scene: TreeScene, file: Path, _title: str) -> bool:
    whole = scene.whole()
    fineness = min(_FINENESS, (_MOST_PIXELS / (whole.width() * whole.height())) ** 0.5)
    image = QImage(QSize(int(whole.width() * fineness), int(whole.height() * fineness)), QImage.Format.Format_RGB32)
    return _painted(scene, image, QRectF(image.rect())) and bool(image.save(str(file)))


def _pdf(scene: TreeScene, file: Path, title: str) -> bool:
    """On a page as large as the picture."""
    whole = scene.whole()
    writer = QPdfWriter(str(file))
    writer.setTitle(title)
    writer.setResolution(_DOTS_PER_INCH)
    writer.setPageSize(QPageSize(QSizeF(whole.width() * _POINTS, whole.height() * _POINTS), QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    return _painted(scene, writer, QRectF(0, 0, whole.width(), whole.height()))


def _painted(scene: TreeScene, device: QSvgGenerator | QImage | QPdfWriter, target: QRectF) -> bool:
    painter = QPainter()
    if not painter.begin(device):
        return False
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    scene.render(painter, target, scene.whole(), Qt.AspectRatioMode.KeepAspectRatio)
    return bool(painter.end())
