"""Decides how much a gift may be worth by the Act against Unjustifiable Premiums (景品表示法). Pure.

A gift to everybody who buys (総付景品) may be worth ¥200 when the purchase is below ¥1,000, and otherwise a fifth of
the purchase. A discount on the shop's own goods is no gift in that sense, as long as it is no more than what is usual.
Source: 一般消費者に対する景品類の提供に関する事項の制限（昭和52年公正取引委員会告示第5号）.
"""

SMALL_PURCHASE_YEN = 1_000
SMALL_CAP_YEN = 200
SHARE_DIVISOR = 5


def cap_yen(purchase_yen: int) -> int:
    """What a gift to everybody who buys for that much may be worth at most."""
    return SMALL_CAP_YEN if purchase_yen < SMALL_PURCHASE_YEN else purchase_yen // SHARE_DIVISOR


def over_by_yen(value_yen: int, purchase_yen: int, *, is_discount: bool) -> int:
    """By how much a gift is worth more than it may be; 0 when it may be given."""
    return 0 if is_discount else max(0, value_yen - cap_yen(purchase_yen))
