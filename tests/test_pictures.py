"""A file of a few kilobytes cannot exhaust memory or time, whatever format it is in."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bot.files import picture_drawing, pictures
from tests.bombs import BOMBS

MOST_MEGABYTES = 320
"""Peak memory in megabytes. Measured: 216 at most; 34 bytes of WebP took 924 before there were limits."""
SHOWN = {"jpeg progressive", "animated webp", "animated gif", "animated png"}


MEASURED = """
import json, os, resource, subprocess, sys
ended = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([ended.returncode, used.ru_maxrss // 1024, used.ru_utime + used.ru_stime, ended.stderr.decode()]))
"""
"""Run by a process that is small itself: a child's peak is never below its parent's."""


@pytest.mark.parametrize("name", BOMBS)
def test_a_decompression_bomb_takes_neither_memory_nor_time(name: str) -> None:
    drawing = [sys.executable, "-I", str(pictures.PROGRAM), "1280", "JPEG"]
    measured = subprocess.run(
        [sys.executable, "-I", "-c", MEASURED, *drawing], input=BOMBS[name](), capture_output=True, check=True
    )
    status, megabytes, cpu_seconds, said = json.loads(measured.stdout)
    assert megabytes < MOST_MEGABYTES
    assert cpu_seconds <= picture_drawing.MOST_CPU_SECONDS + 1
    assert status == (0 if name in SHOWN or name.startswith("largest") else 1), said


def test_the_memory_is_limited_whatever_a_decoder_does() -> None:
    program = Path(picture_drawing.__file__).read_text("utf-8")
    greedy = program.replace("MOST_PIXELS[str(image.format)]", "10**12")
    assert greedy != program
    command = [sys.executable, "-I", "-c", greedy, "1280", "JPEG"]
    ended = subprocess.run(command, input=BOMBS["webp"](), capture_output=True, check=False)
    assert ended.returncode == 1, "256 million pixels were drawn"


def test_what_takes_too_long_is_unfit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "DEADLINE_SECONDS", 0.001)
    with pytest.raises(pictures.Unfit, match="not drawn within"):
        pictures.redrawn(BOMBS["largest png"](), 1280)


def test_only_the_first_frame_is_drawn() -> None:
    white, black = (Image.new("RGB", (20, 20), colour) for colour in ("white", "black"))
    for kind in ("GIF", "WEBP", "PNG"):
        drawn = io.BytesIO()
        white.save(drawn, kind, save_all=True, append_images=[black])
        shown = Image.open(io.BytesIO(pictures.redrawn(drawn.getvalue(), 20)))
        assert shown.getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    "kind", ["TIFF", "BMP", "ICO", "PPM", "TGA", "PCX", "AVIF", "JPEG2000", "EPS", "PDF"]
)
def test_other_formats_are_not_even_opened(kind: str) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (20, 20)).save(drawn, kind)
    with pytest.raises(pictures.Unfit, match="UnidentifiedImageError"):
        pictures.redrawn(drawn.getvalue(), 20)


def test_a_large_picture_is_made_small_before_anything_copies_it() -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (3000, 1500), "navy").save(drawn, "PNG")
    shown = Image.open(io.BytesIO(pictures.redrawn(drawn.getvalue(), 1280)))
    assert (shown.format, shown.size) == ("JPEG", (1280, 640))


def test_a_picture_with_holes_keeps_them_as_png() -> None:
    drawn = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(drawn, "PNG")
    shown = Image.open(io.BytesIO(pictures.redrawn(drawn.getvalue(), 20, "PNG")))
    assert shown.getpixel((10, 10)) == (0, 0, 0, 0)
