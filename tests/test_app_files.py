"""The console's icons and its sound are what `script/app_files.py` makes."""

import wave

import pytest
from PIL import Image, ImageChops

from script import app_files


@pytest.mark.parametrize("name", app_files.icons())
def test_an_icon_is_as_it_is_drawn(name: str) -> None:
    drawn, stored = app_files.icons()[name], Image.open(app_files.FOLDER / name)
    assert stored.size == drawn.size
    difference = ImageChops.difference(drawn.convert("RGBA"), stored.convert("RGBA"))
    assert max(max(band.tobytes()) for band in difference.split()) <= 2, "Run: python -m script.app_files"


def test_a_maskable_icon_has_nothing_in_its_outer_tenth() -> None:
    picture = app_files.icons()["app-maskable.png"].convert("RGB")
    side = picture.width
    ground = app_files.GREEN[:3]
    ring = [(x, y) for x in range(0, side, 4) for y in range(0, side, 4)]
    outer = [at for at in ring if (at[0] - side / 2) ** 2 + (at[1] - side / 2) ** 2 > (side * 0.4) ** 2]
    assert {picture.getpixel(at) for at in outer} == {ground}


def test_the_sound_is_short() -> None:
    with wave.open(str(app_files.FOLDER / "alert.wav")) as file:
        assert file.readframes(file.getnframes()) == app_files.sound()
        assert file.getnframes() / file.getframerate() < 1
