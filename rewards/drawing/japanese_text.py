"""Sets Japanese text in pictures: fonts, the size that fits, and a mark for characters that no font has."""

import unicodedata
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).resolve().parent.parent / "vendor" / "noto-sans-jp"
BOLD = "NotoSansJP-Bold-common.otf"
NAMES = "NotoSansJP-Regular-names.otf"
GETA = "〓"
"""The character that printers set where a type is missing."""
_NO_SUCH_CHARACTER = "\U0010fffd"
Font = ImageFont.FreeTypeFont
Colour = str | tuple[int, int, int]


@cache
def font(name: str, size: int) -> Font:
    """That font at that height in pixels."""
    return ImageFont.truetype(str(FONTS / name), size)


def drawable(text: str, name: str) -> str:
    """The text, with characters that the font lacks left out (signs, emoji) or replaced by 〓 (letters)."""
    probe = font(name, 20)
    blank = _shape(probe, _NO_SUCH_CHARACTER)
    drawn = []
    for character in unicodedata.normalize("NFC", text):
        if character.isspace():
            drawn.append(" ")
        elif _shape(probe, character) != blank:
            drawn.append(character)
        elif unicodedata.category(character).startswith("L"):
            drawn.append(GETA)
    return " ".join("".join(drawn).split())


def fit(text: str, name: str, largest: int, smallest: int, width: int) -> tuple[str, Font]:
    """The text in the largest size that fits the width; in the smallest size its end is cut and replaced by
    …."""
    for size in range(largest, smallest - 1, -2):
        if font(name, size).getlength(text) <= width:
            return text, font(name, size)
    least = font(name, smallest)
    while text and least.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…", least


def gradient(width: int, height: int, above: Colour, below: Colour) -> Image.Image:
    """A picture with a gradient from the upper left to the lower right."""
    start, end = _rgb(above), _rgb(below)
    small = Image.new("RGB", (64, 64))
    for y in range(64):
        for x in range(64):
            share = (x + y) / 126
            mixed = tuple(round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
            small.putpixel((x, y), (mixed[0], mixed[1], mixed[2]))
    return small.resize((width, height), Image.Resampling.BICUBIC)


def darker(colour: str, share: float) -> tuple[int, int, int]:
    """The colour with that share of its brightness removed."""
    red, green, blue = _rgb(colour)
    return round(red * (1 - share)), round(green * (1 - share)), round(blue * (1 - share))


def centred(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, face: Font, fill: Colour) -> None:
    """Draws the text centred at that point."""
    draw.text(at, text, font=face, fill=fill, anchor="mm")


def _shape(face: Font, character: str) -> tuple[tuple[int, int], bytes]:
    mask = face.getmask(character)
    return mask.size, bytes(mask)


def _rgb(colour: Colour) -> tuple[int, int, int]:
    if isinstance(colour, tuple):
        return colour
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
