"""Elements by which mail programs mark what they quote or add, as CSS selectors."""


def _selector(*parts: str) -> str:
    return ", ".join(parts)


# Hold a quote and nothing else; what follows is the author's again.
QUOTES = _selector(
    "blockquote[type=cite], blockquote[cite], #reply-intro, .moz-cite-prefix",  # Apple, Thunderbird, Roundcube
    "div.gmail_quote, blockquote.gmail_quote, .gmail_attr",  # Gmail
    ".yahoo_quoted, .yahoo-quoted-begin, blockquote.iosymail",  # Yahoo
    ".protonmail_quote, .tutanota_quote",  # Proton, Tuta
    "div[name=quote], [data-marker=__QUOTED_TEXT__]",  # GMX and WEB.DE, Zimbra
    ".mailru-blockquote, blockquote[style*='#0857A6'], blockquote[style*='#0857a6']",  # Mail.ru
    ".front-blockquote, .freshdesk_quote, .zd_quote, .hs_reply_quote",  # other desks
)

# Open the quoted rest: all from here to the end.
CUTS = _selector(
    "#divRplyFwdMsg, #x_divRplyFwdMsg, #appendonsend, #x_appendonsend, hr#stopSpelling",  # Outlook on the web
    "#mail-editor-reference-message-container, .ms-outlook-mobile-reference-message",  # Outlook for phones and Mac
    "div[style*='border-top:solid #E1E1E1'], div[style*='border-top:solid #B5C4DF']",  # Outlook for Windows
    "[id^=OLK_SRC_BODY_SECTION], .OutlookMessageHeader, hr#previousmessagehr",  # older Outlooks
    "hr#zwchr, hr[data-marker=__DIVIDER__]",  # Zimbra
    ".moz-forward-container, .zmail_extra, #oriMsgHtmlSeperator",  # Thunderbird, Zoho, QQ
    "#isReplyContent, #isForwardContent, .ntes-mailmaster-quote",  # NetEase
)

SIGNATURES = _selector(
    ".gmail_signature, [data-smartmail=gmail_signature], .gmail_signature_prefix, .moz-signature",
    "#Signature, #x_Signature, #signature, #AppleMailSignature, #ms-outlook-mobile-signature",
    "[id*=ymail_android_signature], [id*=yahoo_signature], .yahoo-signature, .protonmail_signature_block",
    "[data-marker=__SIG_PRE__], .email-signature, .mail-signature",
)
