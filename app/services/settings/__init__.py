"""What a desk is told: its profile folder, its settings file, the environment."""

from app.services.profile import Profile, find_profile, make_private
from app.services.settings.options import Settings
from app.services.settings.store import load_settings, save_setting

__all__ = ["Profile", "Settings", "find_profile", "load_settings", "make_private", "save_setting"]
