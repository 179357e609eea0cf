"""Draws QR codes. What they say is decided elsewhere."""

import io
from typing import Any

QUIET_ZONE = 4
"""Modules of white around the code that the standard asks for."""


def png(text: str, side_px: int = 1024) -> bytes:
    """A black and white PNG of about that width and height (whole pixels a module), a few kilobytes.

    Raises ValueError when the text is longer than a QR code of correction M holds.
    """
    code = _code(text)
    code.box_size = max(1, side_px // (code.modules_count + 2 * QUIET_ZONE))
    drawn = io.BytesIO()
    code.make_image().save(drawn, "PNG", optimize=True)
    return drawn.getvalue()


def _code(text: str) -> Any:
    # Loaded only to draw: who never does would carry what draws in their memory.
    import qrcode.constants

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    return code
