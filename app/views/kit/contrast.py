"""How well two colours stand apart, as WCAG 2.2 measures it (success criteria 1.4.3 and 1.4.11)."""

AA_TEXT = 4.5
AA_SHAPE = 3.0


def contrast(one: str, other: str) -> float:
    """From 1.0 (the same) to 21.0 (black on white). Colours are written `#rrggbb`."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance in sRGB, 0.0 to 1.0 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
