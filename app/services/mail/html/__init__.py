"""HTML of strangers: made safe to show, or read as plain text."""

from app.services.mail.html.cleaning import CleanHtml, clean
from app.services.mail.html.plain import to_text

__all__ = ["CleanHtml", "clean", "to_text"]
