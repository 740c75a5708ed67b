"""The cleaner in the form that the corpus scorer asks for."""

from app.services.mail.html import clean as clean_mail


def clean(html: str) -> str:
    return clean_mail(html).html
