"""The splitter in the form that the corpus scorer asks for."""

from app.services.mail.quoting import split_html, split_reply


def visible(text: str, kind: str) -> str:
    return split_html(text)[0] if kind == "html" else split_reply(text).visible
