"""What is supported and who made it: the cards of applications, and their vendors."""

from app.services.applications.cards import listed, save
from app.services.applications.vendors import remove_vendor, save_vendor, vendors

__all__ = ["listed", "remove_vendor", "save", "save_vendor", "vendors"]
