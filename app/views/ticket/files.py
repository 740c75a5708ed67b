"""What a file is worth knowing about before it is opened. Pure: it needs no widget."""

_PICTURES = {
    "image": "picture",
    "application/zip": "archive",
    "application/x-7z-compressed": "archive",
    "application/gzip": "archive",
    "message": "mail-in",
}
# fmt: off
_DANGEROUS = (
    ".ade", ".adp", ".apk", ".appx", ".bat", ".chm", ".cmd", ".com", ".cpl", ".dll", ".dmg", ".docm", ".exe",
    ".hta", ".htm", ".html", ".img", ".inf", ".iso", ".jar", ".js", ".jse", ".lnk", ".mht", ".msc", ".msi", ".msp",
    ".one", ".pif", ".potm", ".ppam", ".pptm", ".ps1", ".py", ".rdp", ".reg", ".scf", ".scr", ".sct", ".sh", ".shb",
    ".svg", ".sys", ".url", ".vb", ".vbe", ".vbs", ".vhd", ".vhdx", ".ws", ".wsc", ".wsf", ".wsh", ".xlam", ".xll",
    ".xlsm", ".xltm",
)
# fmt: on


def is_dangerous(name: str) -> bool:
    """Whether a file of that name runs something, or shows a page that could ask for a password, when opened."""
    return name.lower().rstrip(". ").endswith(_DANGEROUS)


def size_words(size: int) -> str:
    """Bytes as people say them: 512 B, 12 kB, 3.4 MB."""
    if size < 1_000:
        return f"{size} B"
    return f"{size / 1_000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def picture_of(media_type: str) -> str:
    """The icon for a kind of file."""
    return _PICTURES.get(media_type) or _PICTURES.get(media_type.partition("/")[0], "file")
