"""What an author wrote, apart from what the mail program quoted below it."""

from app.services.mail.quoting.markup import split_html
from app.services.mail.quoting.plain import split_reply

__all__ = ["split_html", "split_reply"]
