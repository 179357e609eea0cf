"""Draws QR codes. Their text comes with the call."""

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

QUIET_ZONE = 4
"""The width of the white border that the standard requires, in modules."""
LOGO_SHARE = 0.22
"""The logo's share of the width. Correction H restores a code with 30 % of its area covered; this covers 5
%."""


def png(text: str, side_px: int = 1024, logo: "Image | None" = None) -> bytes:
    """A PNG of about that width and height (a whole number of pixels for each module), some kilobytes; with a
    square logo in its middle if there is one.

    Raises ValueError when the text is longer than a QR code of correction M (with a logo: H) holds.
    """
    # Loaded only to draw: other processes would carry the drawing libraries in memory.
    from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M

    code = _code(text, ERROR_CORRECT_H if logo else ERROR_CORRECT_M)
    code.box_size = max(1, side_px // (code.modules_count + 2 * QUIET_ZONE))
    drawn = io.BytesIO()
    _image(code, logo).save(drawn, "PNG", optimize=True)
    return drawn.getvalue()


def _image(code: Any, logo: "Image | None") -> Any:
    if logo is None:
        return code.make_image()
    from qrcode.image.styledpil import StyledPilImage

    return code.make_image(StyledPilImage, embedded_image=logo, embedded_image_ratio=LOGO_SHARE)


def _code(text: str, correction: int) -> Any:
    import qrcode

    code = qrcode.QRCode(error_correction=correction, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    return code
