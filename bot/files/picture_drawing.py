"""The program of the process that redraws one picture; `pictures.py` starts it, and says why it is a process
of its own.

`picture_drawing.py SIDE JPEG|PNG` reads the bytes from standard input and writes the picture to standard
output. Exit status 0: drawn. 1: this cannot or may not be drawn.
"""

import io
import sys
from contextlib import suppress

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 20_000_000, "GIF": 20_000_000, "WEBP": 12_000_000}
"""By the memory that decoding takes: a JPEG is read at a fraction of its size, PNG and GIF take 1 to 8 bytes
a pixel, WebP 16. More than a phone's camera or screen makes."""
MOST_SCANS = 100
"""Of a JPEG in several passes, each of which reads all of it; cameras make ten."""
MOST_MEMORY_BYTES = 512 << 20
"""Of address space, the interpreter and its libraries included; about half of it is ever in memory."""
MOST_CPU_SECONDS = 15
JPEG_QUALITY = 82


def main(side: int, kind: str) -> int:
    """Redraw the picture from standard input; returns the exit status."""
    _limit_this_process()
    content = sys.stdin.buffer.read()
    try:
        drawn = redrawn(content, side, kind)
    except Exception as error:  # untrusted bytes can make a decoder raise anything
        sys.stderr.write(f"{type(error).__name__}: {error}"[:500])
        return 1
    sys.stdout.buffer.write(drawn)
    return 0


def _limit_this_process() -> None:
    import resource  # not on every system

    for name, most in (
        ("RLIMIT_AS", MOST_MEMORY_BYTES),
        ("RLIMIT_CPU", MOST_CPU_SECONDS),
        ("RLIMIT_CORE", 0),
    ):
        with suppress(OSError, ValueError):  # a stricter limit is set already
            resource.setrlimit(getattr(resource, name), (most, most))


def redrawn(content: bytes, side: int, kind: str) -> bytes:
    """The first frame, upright, at most `side` pixels wide and high, without metadata."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        most = MOST_PIXELS[str(image.format)]
        if image.width * image.height > most:
            raise ValueError(
                f"{image.width} x {image.height} pixels are more than {most} of a {image.format}"
            )
        if image.format == "JPEG" and content.count(b"\xff\xda") > MOST_SCANS:
            raise ValueError(f"more than {MOST_SCANS} scans")
        image.draft("RGB", (side, side))  # a large JPEG is read at a fraction of its size
        smooth = image if image.mode in {"L", "RGB", "RGBA"} else image.convert("RGBA")
        smooth.thumbnail((side, side))  # first of all: each copy of a large one is expensive
        upright = ImageOps.exif_transpose(smooth).convert("RGBA")
    drawn = io.BytesIO()
    if kind == "PNG":
        Image.frombytes("RGBA", upright.size, upright.tobytes()).save(drawn, "PNG")
    else:
        paper = Image.new("RGB", upright.size, "white")
        paper.paste(upright, mask=upright.getchannel("A"))
        paper.save(drawn, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return drawn.getvalue()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
