"""A glance at the settings before they are checked."""

from pathlib import Path

import pytest

from app.services.profile import Look, Profile, glance


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path)


def test_without_settings_the_desk_looks_as_the_desktop_does(profile: Profile) -> None:
    assert glance(profile, {}) == Look("system", "", "100")


def test_the_look_is_what_the_settings_say_and_the_environment_goes_first(profile: Profile) -> None:
    profile.settings_file.write_text('theme = "dark"\nlanguage = "de"\nscale = "150"\n', encoding="utf-8")
    assert glance(profile, {}) == Look("dark", "de", "150")
    assert glance(profile, {"FIRSTLINE_THEME": "light"}) == Look("light", "de", "150")


@pytest.mark.parametrize("content", [b"theme = ", b"\xff\xfe", b"theme = 4\nlanguage = [1]"])
def test_what_is_wrong_in_the_settings_is_not_told_at_a_glance(profile: Profile, content: bytes) -> None:
    profile.settings_file.write_bytes(content)
    assert glance(profile, {}) == Look()
