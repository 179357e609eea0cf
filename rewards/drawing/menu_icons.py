"""Draws the icons of the rich menu from circles, lines and letters, each centred at a point, in one
colour."""

from collections.abc import Callable

from PIL import ImageDraw

from rewards.drawing.japanese_text import BOLD, font

Pen = ImageDraw.ImageDraw
LINE = 16


def coin(pen: Pen, x: int, y: int, colour: str) -> None:
    """A coin, for points."""
    pen.ellipse((x - 110, y - 110, x + 110, y + 110), outline=colour, width=LINE)
    pen.text((x, y), "P", font=font(BOLD, 130), fill=colour, anchor="mm")


def ticket(pen: Pen, x: int, y: int, colour: str) -> None:
    """A ticket, for coupons."""
    pen.rounded_rectangle((x - 140, y - 88, x + 140, y + 88), radius=22, outline=colour, width=LINE)
    for step in range(-60, 61, 40):
        pen.line((x + 44, y + step - 10, x + 44, y + step + 10), fill=colour, width=12)
    pen.text((x - 48, y), "％", font=font(BOLD, 110), fill=colour, anchor="mm")


def card(pen: Pen, x: int, y: int, colour: str) -> None:
    """A card, for the member card."""
    pen.rounded_rectangle((x - 145, y - 96, x + 145, y + 96), radius=24, outline=colour, width=LINE)
    pen.ellipse((x - 102, y - 52, x - 38, y + 12), fill=colour)
    pen.rounded_rectangle((x - 108, y + 26, x - 32, y + 54), radius=14, fill=colour)
    for row in (-34, 8, 50):
        pen.line((x + 6, y + row, x + 104, y + row), fill=colour, width=14)


def people(pen: Pen, x: int, y: int, colour: str) -> None:
    """Two people, for referrals."""
    for dx, scale in ((-68, 1.0), (86, 0.86)):
        head, body = int(46 * scale), int(84 * scale)
        middle = x + dx
        pen.ellipse((middle - head, y - 96, middle + head, y - 96 + 2 * head), outline=colour, width=LINE)
        top = y - 96 + 2 * head + 18
        pen.arc((middle - body, top, middle + body, top + 2 * body), 180, 360, fill=colour, width=LINE)
        pen.line((middle - body, top + body, middle + body, top + body), fill=colour, width=LINE)


def question(pen: Pen, x: int, y: int, colour: str) -> None:
    """A question mark, for the FAQ."""
    pen.ellipse((x - 110, y - 110, x + 110, y + 110), outline=colour, width=LINE)
    pen.text((x, y - 4), "?", font=font(BOLD, 150), fill=colour, anchor="mm")


def speech(pen: Pen, x: int, y: int, colour: str) -> None:
    """A speech bubble, for staff."""
    pen.rounded_rectangle((x - 135, y - 105, x + 135, y + 65), radius=48, outline=colour, width=LINE)
    pen.polygon(((x - 62, y + 58), (x - 8, y + 58), (x - 70, y + 118)), fill=colour)
    for dx in (-62, 0, 62):
        pen.ellipse((x + dx - 17, y - 37, x + dx + 17, y - 3), fill=colour)


def parcel(pen: Pen, x: int, y: int, colour: str) -> None:
    """A parcel, for orders."""
    pen.rounded_rectangle((x - 115, y - 84, x + 115, y + 104), radius=20, outline=colour, width=LINE)
    pen.line((x - 115, y - 22, x + 115, y - 22), fill=colour, width=LINE)
    pen.rectangle((x - 26, y - 84, x + 26, y + 26), fill=colour)
    pen.line((x + 36, y + 66, x + 84, y + 66), fill=colour, width=LINE)


ICONS: dict[str, Callable[[Pen, int, int, str], None]] = {
    "coin": coin,
    "ticket": ticket,
    "card": card,
    "people": people,
    "question": question,
    "speech": speech,
    "parcel": parcel,
}
