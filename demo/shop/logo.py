"""Draws the sample shop's logo: a sun over a field."""

from pathlib import Path

from PIL import Image, ImageDraw

SIDE_PX = 480


def put_into(folder: Path) -> Path:
    """Draw it into that folder; returns its path."""
    image = Image.new("RGB", (SIDE_PX, SIDE_PX), "#ffffff")
    draw = ImageDraw.Draw(image)
    draw.ellipse((0, 0, SIDE_PX - 1, SIDE_PX - 1), fill="#1f6b4f")
    draw.pieslice((110, 130, 370, 390), 180, 360, fill="#f2c560")
    for left, top, right, bottom in ((232, 50, 248, 108), (120, 96, 150, 126), (330, 96, 360, 126)):
        draw.ellipse((left, top, right, bottom), fill="#f2c560")
    draw.rounded_rectangle((80, 276, 400, 300), 12, fill="#ffffff")
    draw.rounded_rectangle((130, 330, 350, 352), 11, fill="#ffffff")
    path = folder / "logo.png"
    image.save(path)
    return path
