"""QR codes decode to what was encoded."""

import io
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from bot.config import settings as bot_settings
from rewards.drawing import qr, shop_logo


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


def a_logo(folder: Path, colour: str = "#1f6b4f") -> Path:
    path = folder / "logo.png"
    Image.new("RGB", (300, 200), colour).save(path)
    return path


def test_a_scanner_reads_it_with_the_shops_logo_in_the_middle(
    settings: bot_settings.Settings, tmp_path: Path
) -> None:
    bot_settings.use(settings.model_copy(update={"shop_logo": a_logo(tmp_path)}))
    text = "https://line.me/R/oaMessage/%40goen/?" + "%E3%81%93" * 30 + "K7MP-4XWD"
    picture = Image.open(io.BytesIO(qr.png(text, logo=shop_logo.logo()))).convert("RGB")
    assert picture.getpixel((picture.width // 2, picture.height // 2)) == (31, 107, 79)
    for side_px in (1024, 240):
        [read] = zxingcpp.read_barcodes(picture.resize((side_px, side_px)))
        assert (read.text, read.ec_level) == (text, "H")


def test_a_logo_that_is_gone_costs_nobody_the_code(settings: bot_settings.Settings, tmp_path: Path) -> None:
    path = a_logo(tmp_path)
    bot_settings.use(settings.model_copy(update={"shop_logo": path}))
    path.write_bytes(b"no picture")
    assert shop_logo.logo() is None
    path.unlink()
    assert shop_logo.logo() is None


def test_a_text_too_long_for_a_qr_is_refused() -> None:
    with pytest.raises(ValueError, match="version"):
        qr.png("あ" * 2000)
