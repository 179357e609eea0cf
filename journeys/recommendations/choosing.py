"""Chooses what to recommend to one customer, with the reason. Pure.

A product is recommended because those who bought something that the customer has chose it more often than buyers in
general do: a product that everybody buys is no recommendation. What is counted is in `counting.py`, what the customer
bought in `history.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction


class Manner(StrEnum):
    """How the recommended product is bought with the one it follows from."""

    NEXT = "next"
    """In the order after it."""
    TOGETHER = "together"
    """In the same order."""


@dataclass(frozen=True, slots=True)
class Product:
    """A product as far as recommending it goes."""

    id: int
    sku: str
    name: str
    url: str
    picture_url: str = ""
    price_yen: int | None = None
    in_stock: bool = True
    is_recommended: bool = True
    premium: bool = False
    repurchase_days: int | None = None

    @property
    def can_be_shown(self) -> bool:
        """Whether a customer can buy it from a message: it has a name, a page, and is in stock."""
        return bool(self.is_recommended and self.in_stock and self.name and self.url)


@dataclass(frozen=True, slots=True)
class Bought:
    """A product that the customer bought."""

    product_id: int
    last_on: date
    """Their last order with it, reversed or not."""
    is_reversed: bool = False
    """That order was cancelled, or something of it was refunded."""


@dataclass(frozen=True, slots=True)
class Usual:
    """How often buyers in general choose the other product in that manner, to compare with."""

    of_product: int
    """Buyers of the product who could have: who ordered again, or have an order of several products."""
    of_other: int
    """Of all who could have, those who chose the other."""
    of_all: int
    """All who could have."""


@dataclass(frozen=True, slots=True)
class Pair:
    """How many buyers of a product bought another one (or the same again)."""

    product_id: int
    other_id: int
    together_count: int
    next_count: int
    product_buyers: int
    """All buyers of the product."""
    usually_next: Usual
    usually_together: Usual

    @property
    def manner(self) -> Manner:
        """The more frequent of the two. A product with itself is only ever bought again."""
        is_again = self.product_id == self.other_id
        return Manner.NEXT if is_again or self.next_count >= self.together_count else Manner.TOGETHER

    @property
    def count(self) -> int:
        """The buyers of the product who bought the other in that manner."""
        return self.next_count if self.manner is Manner.NEXT else self.together_count

    @property
    def share(self) -> Fraction:
        """They as a part of all buyers of the product."""
        return Fraction(self.count, self.product_buyers) if self.product_buyers else Fraction(0)

    @property
    def lift(self) -> Fraction:
        """How many times more often than buyers in general: above 1 where the product says something about it. Only
        those who ordered again are compared, or those with several products in an order, so that products of loyal
        buyers have no advantage."""
        usual = self.usually_next if self.manner is Manner.NEXT else self.usually_together
        if not (usual.of_product and usual.of_other and usual.of_all):
            return Fraction(0)
        return Fraction(self.count, usual.of_product) / Fraction(usual.of_other, usual.of_all)


@dataclass(frozen=True, slots=True)
class Rules:
    """Below which numbers nothing is said, and how long what was bought is left alone."""

    floor_buyers: int = 5
    floor_percent: int = 5
    just_bought_days: int = 30


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A product to recommend, and why. Without a pair: the premium product for a customer whose history says nothing
    about it."""

    product: Product
    pair: Pair | None = None
    because_of: Product | None = None
    """What they bought that the pair begins with."""


def choose(
    history: Iterable[Bought],
    pairs: Iterable[Pair],
    products: Mapping[int, Product],
    today: date,
    rules: Rules,
) -> Recommendation | None:
    """The best recommendation from the history; None when there is none."""
    return next(iter(ranked(history, pairs, products, today, rules)), None)


def ranked(
    history: Iterable[Bought],
    pairs: Iterable[Pair],
    products: Mapping[int, Product],
    today: date,
    rules: Rules,
) -> list[Recommendation]:
    """All recommendations, the best first, each product once; the same for the same input, in whatever sequence."""
    bought = {each.product_id: each for each in history}
    best: dict[int, Pair] = {}
    for pair in pairs:
        before = best.get(pair.other_id)
        if _counts(pair, bought, products, today, rules) and (
            before is None or _order(pair, products) < _order(before, products)
        ):
            best[pair.other_id] = pair
    chosen = sorted(best.values(), key=lambda pair: _order(pair, products))
    return [Recommendation(products[pair.other_id], pair, products[pair.product_id]) for pair in chosen]


def choose_premium(
    history: Sequence[Bought],
    pairs: Iterable[Pair],
    products: Mapping[int, Product],
    buyer_counts: Mapping[int, int],
    today: date,
    rules: Rules,
) -> Recommendation | None:
    """The premium product that fits the history best, else the one with most buyers; None when there is none, or the
    customer has bought one. `buyer_counts` are the buyers of each product, by its id.

    Whether the customer is ready for it is asked before."""
    bought = {each.product_id: each for each in history}
    if any(products[each].premium for each in bought if each in products):
        return None
    premium = {each.id: each for each in products.values() if each.premium and each.can_be_shown}
    fitting = choose(history, [pair for pair in pairs if pair.other_id in premium], products, today, rules)
    if fitting is not None or not premium:
        return fitting
    most = min(premium.values(), key=lambda each: (-buyer_counts.get(each.id, 0), each.sku))
    return Recommendation(most)


def _counts(
    pair: Pair, bought: Mapping[int, Bought], products: Mapping[int, Product], today: date, rules: Rules
) -> bool:
    """Whether the pair is a reason to recommend its other product to that customer today."""
    begins_with, product = bought.get(pair.product_id), products.get(pair.other_id)
    if begins_with is None or begins_with.is_reversed or product is None or pair.product_id not in products:
        return False
    return (
        product.can_be_shown
        and bool(products[pair.product_id].name)
        and _is_wanted(bought.get(product.id), product, today, rules)
        and pair.count >= rules.floor_buyers
        and pair.share * 100 >= rules.floor_percent
        and pair.lift > 1
    )


def _is_wanted(before: Bought | None, product: Product, today: date, rules: Rules) -> bool:
    """What they have is recommended only once it is used up; what they sent back, or was refunded, never."""
    if before is None:
        return True
    if before.is_reversed or product.repurchase_days is None:
        return False
    return before.last_on + timedelta(days=max(product.repurchase_days, rules.just_bought_days)) <= today


def _order(pair: Pair, products: Mapping[int, Product]) -> tuple[Fraction, Fraction, int, str, str]:
    return (
        -pair.lift,
        -pair.share,
        -pair.count,
        products[pair.other_id].sku,
        products[pair.product_id].sku,
    )
