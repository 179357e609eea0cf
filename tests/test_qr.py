"""QR codes say what they were given, to a scanner."""

import io

import pytest
import zxingcpp
from PIL import Image

from rewards import qr


@pytest.mark.parametrize(
    "text", ["a", "紹介コード K7MP-4XWD で来ました！", "https://line.me/R/" + "%E3%81" * 150]
)
@pytest.mark.parametrize("side_px", [200, 1024])
def test_a_scanner_reads_it(text: str, side_px: int) -> None:
    picture = Image.open(io.BytesIO(qr.png(text, side_px)))
    [read] = zxingcpp.read_barcodes(picture)
    assert read.text == text
    assert read.ec_level == "M"
    assert picture.width <= max(side_px, 300)


def test_there_is_white_around_it() -> None:
    picture = Image.open(io.BytesIO(qr.png("a"))).convert("L")
    box = picture.point(lambda value: 255 - value).getbbox()
    assert box is not None
    module = (picture.width - 2 * box[0]) // 21
    assert box[0] == 4 * module


def test_a_text_too_long_for_a_qr_is_refused() -> None:
    with pytest.raises(ValueError, match="version"):
        qr.png("あ" * 2000)
