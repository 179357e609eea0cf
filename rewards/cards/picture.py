"""Draws the member card: shop, name, rank, points, and a QR code. Its content is `content.py`'s."""

import io

from PIL import Image, ImageDraw

from rewards.cards.content import HEIGHT, WIDTH, CardContent
from rewards.drawing import qr
from rewards.drawing.japanese_text import BOLD, NAMES, darker, drawable, fit, font, gradient
from rewards.ranks.colours import COLOUR

QR_SIDE = 300
MARGIN = 56
WHITE, PALE = "#FFFFFF", "#E9EFEC"


def png(content: CardContent) -> bytes:
    """The card as a PNG of 1040×656, some tens of kilobytes."""
    colour = COLOUR[content.rank]
    card = gradient(WIDTH, HEIGHT, colour, darker(colour, 0.38))
    draw = ImageDraw.Draw(card)
    _rings(card)
    left_width = WIDTH - 2 * MARGIN - QR_SIDE - 60
    shop, face = fit(drawable(content.shop, BOLD) or " ", BOLD, 40, 24, WIDTH - 2 * MARGIN - 220)
    draw.text((MARGIN, 76), shop, font=face, fill=WHITE, anchor="lm")
    draw.text((WIDTH - MARGIN, 76), "会員証", font=font(BOLD, 30), fill=PALE, anchor="rm")
    draw.line((MARGIN, 128, WIDTH - MARGIN, 128), fill=PALE, width=2)
    rank = content.rank.ja
    rank_width = font(BOLD, 34).getlength(rank)
    draw.rounded_rectangle((MARGIN, 172, MARGIN + rank_width + 48, 234), radius=31, fill=WHITE)
    draw.text((MARGIN + 24, 203), rank, font=font(BOLD, 34), fill=colour, anchor="lm")
    name, face = fit(drawable(content.name, NAMES) or "お客様", NAMES, 58, 30, left_width - 60)
    draw.text((MARGIN, 330), name, font=face, fill=WHITE, anchor="lm")
    draw.text((MARGIN + face.getlength(name) + 16, 336), "様", font=font(NAMES, 32), fill=PALE, anchor="lm")
    points, face = fit(f"{content.points:,}", BOLD, 84, 44, left_width - 90)
    draw.text((MARGIN, 468), points, font=face, fill=WHITE, anchor="ls")
    draw.text(
        (MARGIN + face.getlength(points) + 14, 466), "ポイント", font=font(BOLD, 30), fill=PALE, anchor="ls"
    )
    draw.text((MARGIN, 578), content.member_code, font=font(BOLD, 34), fill=PALE, anchor="lm")
    _put_qr(card, draw, content.member_code)
    drawn = io.BytesIO()
    card.quantize(colors=128, dither=Image.Dither.FLOYDSTEINBERG).save(drawn, "PNG", optimize=True)
    return drawn.getvalue()


def _put_qr(card: Image.Image, draw: ImageDraw.ImageDraw, member_code: str) -> None:
    """The QR in black on white with its quiet zone, which every scanner reads."""
    x, y = WIDTH - MARGIN - QR_SIDE, HEIGHT - MARGIN - QR_SIDE
    draw.rounded_rectangle((x - 16, y - 16, x + QR_SIDE + 16, y + QR_SIDE + 16), radius=24, fill=WHITE)
    with Image.open(io.BytesIO(qr.png(member_code, QR_SIDE)), formats=("PNG",)) as code:
        side = code.width
        card.paste(code.convert("RGB"), (x + (QR_SIDE - side) // 2, y + (QR_SIDE - side) // 2))


def _rings(card: Image.Image) -> None:
    """Draws overlapping circles as decoration, light enough that all text stays readable."""
    layer = Image.new("L", card.size, 0)
    pen = ImageDraw.Draw(layer)
    for x, y, radius in ((700, 90, 210), (860, 90, 210), (780, 230, 210)):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=26, width=18)
    card.paste(Image.new("RGB", card.size, WHITE), (0, 0), layer)
