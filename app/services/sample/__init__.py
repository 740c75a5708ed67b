"""The demo desk: sample people, applications and rules, and a mailbox that mails flow into."""

from app.services.sample.arranging import arrange_sample
from app.services.sample.catalogue import fill_with_sample
from app.services.sample.history import add_history
from app.services.sample.mailbox import SampleMailbox

__all__ = ["SampleMailbox", "add_history", "arrange_sample", "fill_with_sample"]
