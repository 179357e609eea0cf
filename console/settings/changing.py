"""Changes the settings, and stores the rules that points and ranks are computed by, in one transaction."""

from bot import shop_versions
from bot.shop_versions import ShopVersion, Values
from rewards.ranks import versions


def change(values: Values, by: int | None, note: str = "") -> ShopVersion:
    """As `shop_versions.change`; what is computed from now on can be explained by these rules."""
    return _with_rules(shop_versions.change(values, by, note))


def replace(content: Values, by: int | None, note: str = "") -> ShopVersion:
    """As `shop_versions.replace`."""
    return _with_rules(shop_versions.replace(content, by, note))


def _with_rules(version: ShopVersion) -> ShopVersion:
    versions.store_of(version)
    return version
