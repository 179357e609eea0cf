"""Prepares the shop's logo for the middle of a QR code: square, with white around it."""

import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot import log
from bot.config import settings
from bot.files import pictures

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE_PX, MARGIN_PX = 240, 16


def logo() -> "Image | None":
    """The logo; None when the shop has none, or when the file is no readable picture any more."""
    path = settings.current().shop_logo
    if path is None:
        return None
    try:
        return _prepared(path, path.stat().st_mtime_ns)
    except OSError as unfit:
        log.warning("the logo cannot be read", error=type(unfit).__name__)
        return None


@lru_cache(maxsize=1)
def _prepared(path: Path, _changed_at: int) -> "Image | None":
    """Cached with its failures: anyone may request a QR code, and each try costs a process."""
    from PIL import Image, ImageOps

    inner = SIDE_PX - 2 * MARGIN_PX
    try:
        small = pictures.redrawn(path.read_bytes(), inner, "PNG")
    except pictures.Unfit as unfit:
        log.warning("the logo cannot be drawn", reason=str(unfit))
        return None
    with Image.open(io.BytesIO(small), formats=("PNG",)) as file:
        drawn = ImageOps.contain(file, (inner, inner))
    square = Image.new("RGBA", (SIDE_PX, SIDE_PX), "white")
    square.alpha_composite(drawn, ((SIDE_PX - drawn.width) // 2, (SIDE_PX - drawn.height) // 2))
    return square.convert("RGB")
