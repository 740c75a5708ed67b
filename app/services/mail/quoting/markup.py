"""An HTML body apart."""


def split_html(html: str) -> tuple[str, str]:
    """The author's HTML and the folded rest."""
    return html, ""
