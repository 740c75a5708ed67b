"""Both themes can be read, and hold what the stylesheet and the icons ask for."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.services.resources import resources
from app.views.kit.appearance import Appearance
from app.views.kit.contrast import AA_SHAPE, AA_TEXT, contrast
from app.views.kit.theme import SHAPE_PAIRS, TEXT_PAIRS, THEMES, theme


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("words", "ground"), TEXT_PAIRS)
def test_words_stand_out_from_their_ground(name: str, words: str, ground: str) -> None:
    assert contrast(theme(name)[words], theme(name)[ground]) >= AA_TEXT


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_edges_and_the_focus_can_be_seen(name: str, shape: str, ground: str) -> None:
    assert contrast(theme(name)[shape], theme(name)[ground]) >= AA_SHAPE


def test_both_themes_have_the_same_tokens() -> None:
    assert theme("light").tokens.keys() == theme("dark").tokens.keys()


@pytest.mark.parametrize("name", THEMES)
def test_the_stylesheet_has_a_value_for_every_token_and_a_file_for_every_picture(name: str) -> None:
    sheet = theme(name).stylesheet()
    assert "$" not in sheet
    for path in re.findall(r'url\("([^"]+)"\)', sheet):
        assert resources().joinpath("themes", path.rpartition("/")[2]).is_file()


@pytest.mark.parametrize("file", sorted(each.name for each in resources().joinpath("icons").iterdir()))
def test_every_icon_is_drawn_in_the_colour_of_the_theme(appearance: Appearance, file: str) -> None:
    picture = appearance.icon(file.removesuffix(".svg"), "danger").pixmap(24, 24).toImage()
    colours = [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]
    solid = [each for each in colours if each.alpha() > 250]
    wanted = QColor(theme("light")["danger"])
    assert solid
    assert all(abs(each.red() - wanted.red()) < 6 and abs(each.green() - wanted.green()) < 6 for each in solid)


def test_the_theme_follows_the_system_until_one_is_chosen(qapp: QApplication) -> None:
    appearance = Appearance(qapp, "system")
    hints = qapp.styleHints()
    hints.setColorScheme(Qt.ColorScheme.Dark)
    assert appearance.theme.name == "dark" or hints.colorScheme() is not Qt.ColorScheme.Dark
    appearance.choose("light")
    assert appearance.theme.name == "light"
    hints.unsetColorScheme()


def test_icons_change_with_the_theme(appearance: Appearance, qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    appearance.dress(button, "reply", "text")
    before = button.icon().cacheKey()
    appearance.choose("dark")
    assert button.icon().cacheKey() != before


def test_a_button_that_is_gone_is_not_dressed_any_more(appearance: Appearance, qtbot: QtBot) -> None:
    button = QPushButton()
    appearance.dress(button, "reply", "text")
    with qtbot.waitSignal(button.destroyed):
        button.deleteLater()
    appearance.choose("dark")
    appearance.choose("light")
