"""The legal cap on the value of gifts, by the Act against Unjustifiable Premiums (景品表示法). Pure.

A gift to everyone who buys (総付景品) may be worth ¥200 when the purchase is below ¥1,000, otherwise a fifth
of the purchase. A usual discount on the shop's own goods is not a gift in this sense. Source:
一般消費者に対する景品類の提供に関する事項の制限（昭和52年公正取引委員会告示第5号）.
"""

SMALL_PURCHASE_YEN = 1_000
SMALL_CAP_YEN = 200
SHARE_DIVISOR = 5


def cap_yen(purchase_yen: int) -> int:
    """The highest value of a gift with a purchase of this price, both in yen."""
    return SMALL_CAP_YEN if purchase_yen < SMALL_PURCHASE_YEN else purchase_yen // SHARE_DIVISOR


def over_by_yen(value_yen: int, purchase_yen: int, *, is_discount: bool) -> int:
    """By how much a gift exceeds the cap, in yen; 0 when it is lawful."""
    return 0 if is_discount else max(0, value_yen - cap_yen(purchase_yen))
