"""Golden files hold every message with the shop's default settings."""

from collections.abc import Iterator

import pytest

from bot.config import settings as bot_settings
from bot.config import shop


@pytest.fixture(autouse=True)
def _by_the_defaults(settings: bot_settings.Settings) -> Iterator[None]:
    shop.use({})
    yield
    shop.use({})
