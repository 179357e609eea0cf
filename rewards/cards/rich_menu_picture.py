"""Draws a rank's rich menu: six or seven fields with icon and label under a band in the rank's colour. Their actions
are `handlers/`'s."""

import io
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from rewards.drawing.japanese_text import BOLD, centred, darker, drawable, fit, font, gradient
from rewards.drawing.menu_icons import ICONS
from rewards.ranks.colours import COLOUR
from rewards.ranks.rules import Rank

WIDTH, HEIGHT = 2500, 1686
BAND = 186
ROWS = {6: (3, 3), 7: (4, 3)}
"""The fields of each row, from the top, by their number; the longer labels belong below, where there is more room."""
GAP = 16
WORD_PX, BELOW_PX = (104, 64), (76, 64)
"""The largest and smallest size of a label and of the text below it. A phone shows 2500 pixels 390 points wide:
64 are 10 points."""
INK, PAPER, EDGE = "#2B3A36", "#FFFFFF", "#EEF2EF"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its label, the smaller text below it, its icon."""

    word: str
    below: str
    icon: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """A field's area on the picture, which is also where it is tapped; in pixels."""

    x: int
    y: int
    width: int
    height: int


def bounds(count: int) -> list[Bounds]:
    """That many fields (six or seven), row by row; together they cover the whole picture."""
    found, rows = [], ROWS[count]
    for row, columns in enumerate(rows):
        top = 0 if row == 0 else BAND + (HEIGHT - BAND) * row // len(rows)
        bottom = BAND + (HEIGHT - BAND) * (row + 1) // len(rows)
        for column in range(columns):
            left, right = WIDTH * column // columns, WIDTH * (column + 1) // columns
            found.append(Bounds(left, top, right - left, bottom - top))
    return found


@lru_cache(maxsize=8)
def png(shop: str, rank: Rank, fields: tuple[Field, ...]) -> bytes:
    """The picture as a PNG of 2500×1686, far below LINE's limit of 1 MB. Drawing takes half a second."""
    colour = COLOUR[rank]
    picture = Image.new("RGB", (WIDTH, HEIGHT), EDGE)
    picture.paste(gradient(WIDTH, BAND, colour, darker(colour, 0.3)), (0, 0))
    pen = ImageDraw.Draw(picture)
    name, face = fit(drawable(shop, BOLD) or " ", BOLD, 78, 44, 1500)
    pen.text((70, BAND // 2), name, font=face, fill=PAPER, anchor="lm")
    pen.text((WIDTH - 70, BAND // 2), f"{rank.ja}会員", font=font(BOLD, 66), fill=PAPER, anchor="rm")
    for each, place in zip(fields, bounds(len(fields)), strict=True):
        _field(pen, each, place, colour)
    drawn = io.BytesIO()
    picture.quantize(colors=64, dither=Image.Dither.NONE).save(drawn, "PNG", optimize=True)
    return drawn.getvalue()


def _field(pen: ImageDraw.ImageDraw, field: Field, place: Bounds, colour: str) -> None:
    top = max(place.y, BAND)
    height = place.y + place.height - top
    edges = (place.x + GAP, top + GAP, place.x + place.width - GAP, top + height - GAP)
    pen.rounded_rectangle(edges, radius=44, fill=PAPER)
    middle = place.x + place.width // 2
    ICONS[field.icon](pen, middle, top + int(height * 0.3), colour)
    word, face = fit(drawable(field.word, BOLD), BOLD, *WORD_PX, place.width - 3 * GAP)
    centred(pen, (middle, top + height * 0.625), word, face, INK)
    below, face = fit(drawable(field.below, BOLD), BOLD, *BELOW_PX, place.width - 3 * GAP)
    centred(pen, (middle, top + height * 0.82), below, face, colour)
