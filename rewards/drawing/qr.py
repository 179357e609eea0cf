"""Draws QR codes. What they say is decided elsewhere."""

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

QUIET_ZONE = 4
"""Modules of white around the code that the standard asks for."""
LOGO_SHARE = 0.22
"""Of the width; correction H mends a code of which 30 % of the area is covered, this covers 5 %."""


def png(text: str, side_px: int = 1024, logo: "Image | None" = None) -> bytes:
    """A PNG of about that width and height (whole pixels a module), some kilobytes; with a square logo in its middle
    if there is one.

    Raises ValueError when the text is longer than a QR code of correction M (with a logo: H) holds.
    """
    # Loaded only to draw: who never does would carry what draws in their memory.
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
