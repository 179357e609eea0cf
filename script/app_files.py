"""Draws the console's icons for phones and makes its alert sound, which are in console/static/app. Run it after
a change: `.venv/bin/python -m script.app_files`.

The icon is the one of console/static/icon.svg: two rings that hold each other.
"""

import math
import struct
import wave
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parents[1] / "console" / "static" / "app"
GREEN, WHITE, CLEAR = (0x1C, 0x6B, 0x50, 255), (255, 255, 255, 255), (0, 0, 0, 0)
FINER = 4
"""Drawn so many times as large and made smaller, for smooth edges."""
RATE = 22_050
NOTES = ((880.0, 0.0), (1174.66, 0.14))
"""Hertz, and when each begins, in seconds: A5 and D6."""
LASTS, LOUDNESS = 0.55, 0.35


def icon(
    pixels: int, *, corner: float = 0.25, scale: float = 1.0, ground: tuple[int, ...] = GREEN
) -> Image.Image:
    """The icon with that many pixels a side. `corner` is the corners' radius, a share of the side; `scale` makes the
    rings smaller, for systems that cut the icon to their own shape."""
    side = pixels * FINER
    drawn = Image.new("RGBA", (side, side), CLEAR)
    draw = ImageDraw.Draw(drawn)
    draw.rounded_rectangle((0, 0, side - 1, side - 1), radius=side * corner, fill=ground)
    unit = side / 32 * scale
    for x in (-3.5, 3.5):
        middle, outer = side / 2 + x * unit, 7 * unit
        box = (middle - outer, side / 2 - outer, middle + outer, side / 2 + outer)
        draw.ellipse(box, outline=WHITE, width=round(3 * unit))
    return drawn.resize((pixels, pixels), Image.Resampling.LANCZOS)


def icons() -> dict[str, Image.Image]:
    """Each file's picture. A maskable icon has nothing in its outer tenth and no corners of its own."""
    return {
        "app-192.png": icon(192),
        "app-512.png": icon(512),
        "app-maskable.png": icon(512, corner=0, scale=0.72),
        "app-180.png": icon(180, corner=0, scale=0.85).convert("RGB"),
        "badge-96.png": icon(96, ground=CLEAR, scale=1.6),
    }


def sound() -> bytes:
    """Two short notes that fade, as 16-bit samples."""
    samples = []
    for number in range(int(RATE * LASTS)):
        at = number / RATE
        value = sum(
            math.sin(2 * math.pi * hertz * (at - begin))
            * math.exp(-9 * (at - begin))
            * min(1, (at - begin) * 200)
            for hertz, begin in NOTES
            if at >= begin
        )
        samples.append(round(value * LOUDNESS * 32_767 / len(NOTES) * 1.6))
    return struct.pack(f"<{len(samples)}h", *samples)


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(exist_ok=True)
    for name, picture in icons().items():
        picture.save(FOLDER / name, optimize=True)
    with wave.open(str(FOLDER / "alert.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound())


if __name__ == "__main__":
    main()
