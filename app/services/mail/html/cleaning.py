"""Hostile HTML made safe to show: nothing in it runs, loads, submits or covers the window."""

import html as entities
import re
from dataclasses import dataclass

import nh3

from app.services.mail.html.elements import named
from app.services.mail.html.nesting import tamed
from app.services.mail.html.plain import to_text
from app.services.mail.html.styles import filter_style

_TAGS = named(
    "a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup data dd "
    "del details dfn dir div dl dt em fieldset figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img "
    "ins kbd legend li main mark menu nav nobr ol p pre q rp rt ruby s samp section small span strike strong sub "
    "summary sup table tbody td tfoot th thead time tr tt u ul var wbr"
)
_DROPPED_WITH_TEXT = named("script style head title template noscript iframe xmp noembed noframes plaintext")
_OTHER_HTML = named(
    "html head body title base link meta style script noscript iframe object embed param video audio source track "
    "canvas map area form input textarea select option optgroup button datalist output progress meter label dialog "
    "picture image keygen marquee applet basefont bgsound frame frameset noframes noembed xmp listing plaintext search"
)
_KNOWN = _TAGS | _OTHER_HTML
_TAG = re.compile(r"<(/?)([a-zA-Z][^ \t\n\r\f/>]*)")
_EVERYWHERE = named("style align valign dir lang title width height bgcolor color")
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": frozenset(("href",)),
    "img": named("src alt border hspace vspace"),
    "font": frozenset(("face", "size")),
    "table": named("background border cellpadding cellspacing rules summary"),
    "td": named("background colspan rowspan nowrap headers abbr scope"),
    "th": named("background colspan rowspan nowrap headers abbr scope"),
    "tr": frozenset(("background",)),
    "ol": frozenset(("start", "type", "reversed")),
    "ul": frozenset(("type",)),
    "li": frozenset(("value", "type")),
    "col": frozenset(("span",)),
    "colgroup": frozenset(("span",)),
    "hr": frozenset(("size", "noshade")),
    "time": frozenset(("datetime",)),
    "details": frozenset(("open",)),
}
_ROUNDS = 4
# Control and format characters that a browser drops or skips inside an address.
_SKIPPED = re.compile("[\x00-\x20\x7f-\xa0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]+")
_LINK = re.compile(r"(?:https?|ftp)://.|(?:mailto|tel|sms|sip|callto|skype):.|#", re.IGNORECASE | re.DOTALL)
_REMOTE = re.compile(r"(?:https?:)?[/\\]{2}", re.IGNORECASE)
_CONTENT_ID = re.compile(r"cid:.", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp)(?:;[\w=-]{1,40})?(?:;base64)?,[\w+/=%-]*\Z", re.IGNORECASE)
_SCHEMES = named("http https ftp mailto tel sms sip callto skype cid data")


@dataclass(frozen=True, slots=True)
class CleanHtml:
    """HTML that is safe to render. `remote_images` is how many were held back."""

    html: str
    remote_images: int = 0


def clean(html: str, *, remote_images: bool = False) -> CleanHtml:
    """Safe HTML with all the words of the original.

    Pictures that a mail brings along (`cid:`, `data:`) stay; remote ones are held back and counted unless
    `remote_images`, because loading one tells its sender who read the mail, and when. Cleaning what is clean changes
    nothing: what a parser still reads differently after some rounds is shown as plain text instead.
    """
    first = _Filter(remote_images)
    cleaned = first.clean(html)
    for _ in range(_ROUNDS):
        again = _Filter(remote_images).clean(cleaned)
        if again == cleaned:
            return CleanHtml(cleaned, first.held_back)
        cleaned = again
    return CleanHtml(f"<pre>{entities.escape(to_text(cleaned).strip(), quote=False)}</pre>", first.held_back)


class _Filter:
    """Decides on one attribute at a time and counts what would have loaded."""

    def __init__(self, remote_images: bool) -> None:
        self.remote_images = remote_images
        self.held_back = 0

    def clean(self, html: str) -> str:
        return nh3.clean(
            _TAG.sub(_in_html, tamed(html)),
            tags=set(_TAGS),
            clean_content_tags=set(_DROPPED_WITH_TEXT),
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            attribute_filter=self._attribute,
            url_schemes=set(_SCHEMES),
            link_rel="noopener noreferrer",
        )

    def _attribute(self, _tag: str, name: str, value: str) -> str | None:
        if name == "style":
            style, loads = filter_style(value)
            self.held_back += loads
            return style or None
        if name == "href":
            return _link(value)
        if name in {"src", "background"}:
            return self._picture(name, value)
        return value

    def _picture(self, name: str, value: str) -> str | None:
        address = _SKIPPED.sub("", value)
        if name == "src" and (_CONTENT_ID.match(address) or _PICTURE.match(address)):
            return address
        if _REMOTE.match(address) is None:
            return None
        if self.remote_images:
            return f"https:{address}" if address.startswith("//") else address
        self.held_back += 1
        return None


def _in_html(tag: re.Match[str]) -> str:
    """What HTML does not know (`o:p` and `st1:place` of Office, SVG, MathML, templates) would vanish with its words."""
    return tag[0] if tag[2].lower() in _KNOWN else f"<{tag[1]}span"


def _link(value: str) -> str | None:
    address = _SKIPPED.sub("", value)
    return value.strip() if _LINK.match(address) else None
