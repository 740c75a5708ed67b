"""The picture as a file: SVG and PDF of lines and letters, PNG of dots twice as fine as a screen's."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
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


def drawn(scene: TreeScene, kind: str, title: str) -> Callable[[], bytes]:
    """Draw all of the picture now; what is handed out makes a file's content of it, on any thread.

    Raises KnownError `tree_view.unknown_kind` for what is none of `SUFFIXES`.
    """
    kinds = {"svg": _svg, "png": _png, "pdf": _pdf}
    if kind not in kinds:
        raise KnownError("tree_view.unknown_kind", kind=kind, kinds=", ".join(SUFFIXES))
    chosen = scene.current
    scene.choose(None)
    try:
        return kinds[kind](scene, title)
    finally:
        scene.choose(chosen)


def ask_for_file(window: QWidget, name: str, kind: str) -> Path | None:
    """Where a person wants the picture of that kind; None where they do not."""
    title = tr("tree_view.export_title", kind=kind.upper())
    file, _ = QFileDialog.getSaveFileName(window, title, f"{name}.{kind}", f"{kind.upper()} (*.{kind})")
    if not file:
        return None
    return Path(file) if Path(file).suffix else Path(f"{file}.{kind}")


def _svg(scene: TreeScene, title: str) -> Callable[[], bytes]:
    whole, buffer = scene.whole(), _buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setTitle(title)
    generator.setResolution(_DOTS_PER_INCH)
    generator.setSize(whole.size().toSize())
    generator.setViewBox(QRect(0, 0, round(whole.width()), round(whole.height())))
    _paint(scene, generator, QRectF(0, 0, whole.width(), whole.height()))
    content = bytes(buffer.data().data())
    return lambda: content


def _png(scene: TreeScene, _title: str) -> Callable[[], bytes]:
    """To pack the dots takes a second; that is left for later."""
    whole = scene.whole()
    fineness = min(_FINENESS, (_MOST_PIXELS / (whole.width() * whole.height())) ** 0.5)
    image = QImage(QSize(int(whole.width() * fineness), int(whole.height() * fineness)), QImage.Format.Format_RGB32)
    _paint(scene, image, QRectF(image.rect()))

    def packed() -> bytes:
        buffer = _buffer()
        QImageWriter(buffer, QByteArray(b"png")).write(image)
        return bytes(buffer.data().data())

    return packed


def _pdf(scene: TreeScene, title: str) -> Callable[[], bytes]:
    """On a page as large as the picture."""
    whole, buffer = scene.whole(), _buffer()
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setResolution(_DOTS_PER_INCH)
    writer.setPageSize(QPageSize(QSizeF(whole.width() * _POINTS, whole.height() * _POINTS), QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    _paint(scene, writer, QRectF(0, 0, whole.width(), whole.height()))
    content = bytes(buffer.data().data())
    return lambda: content


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _paint(scene: TreeScene, device: QSvgGenerator | QImage | QPdfWriter, target: QRectF) -> None:
    painter = QPainter(device)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    scene.render(painter, target, scene.whole(), Qt.AspectRatioMode.KeepAspectRatio)
    painter.end()
