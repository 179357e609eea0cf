"""The secrets of a demo, made once for its folder, so that a demo continued later still has them."""

import json
import secrets
from pathlib import Path

NAMES = ("channel", "token", "key", "login", "support_channel", "support_token")


def of(folder: Path) -> dict[str, str]:
    """The secrets by name; those that an older demo did not have are made now."""
    file = folder / "secrets.json"
    values = json.loads(file.read_text()) if file.exists() else {}
    values = {name: secrets.token_hex(16) for name in NAMES} | values
    file.write_text(json.dumps(values))
    return values
