"""Faults of a filter: bounds that exclude each other, and products, tags and flows that do not exist.

A word that is unknown would find nobody, and look like an empty audience; so it is a fault with the nearest known
word. Reads the known words only where the filter has some.
"""

import difflib
from collections.abc import Callable, Iterable
from typing import Any

from customers.orders import product_codes
from customers.people import customer_tags
from customers.people.customer_tags import CustomerTag
from journeys.audience.definition import Audience
from journeys.flows.fault import Fault
from journeys.flows.tables import Flow

_RANGES = (
    ("min_days_since_order", "max_days_since_order", "最後のお買い物からの日数", "days since the last order"),
    ("min_orders", "max_orders", "お買い物の回数", "the number of orders"),
    ("min_sales_yen", "max_sales_yen", "お買い物の合計", "the sum of sales"),
)
_EITHER_OR = (
    ("bought_products", "not_bought_products", "商品", "product", product_codes.plain),
    ("tags", "not_tags", "タグ", "tag", customer_tags.plain),
)


def faults(audience: Audience) -> list[Fault]:
    """What keeps the filter from being used; empty when nothing does."""
    return [*contradictions(audience), *_unknown(audience)]


def contradictions(audience: Audience) -> list[Fault]:
    """Filters that nobody can be in. Reads nothing."""
    found = []
    for least_name, most_name, ja, en in _RANGES:
        least, most = getattr(audience, least_name), getattr(audience, most_name)
        if least is not None and most is not None and least > most:
            found.append(
                _fault(
                    most_name,
                    "nobody",
                    f"{ja}が「{least:,}以上」で「{most:,}以下」の方はいません。上限を{least:,}以上にしてください。",
                    f"nobody has {en} of at least {least:,} and at most {most:,}. "
                    f"Make the upper bound {least:,} or more.",
                )
            )
    for name, other_name, ja, en, plain in _EITHER_OR:
        wanted = {plain(each): each for each in getattr(audience, name)}
        refused = {plain(each) for each in getattr(audience, other_name)}
        if wanted and set(wanted) <= refused:
            both = next(iter(wanted.values()))
            found.append(
                _fault(
                    other_name,
                    "nobody",
                    f"{ja}「{both}」が、含む条件と除く条件の両方にあります。どちらかから消してください。",
                    f'the {en} "{both}" is both wanted and left out. Remove it from one of the two.',
                )
            )
    clicked, not_clicked = audience.clicked_within_days, audience.not_clicked_within_days
    if clicked is not None and not_clicked is not None and clicked <= not_clicked:
        found.append(
            _fault(
                "not_clicked_within_days",
                "nobody",
                f"最近{clicked}日にリンクを開き、最近{not_clicked}日に開いていない方はいません。"
                f"「開いていない」日数を{clicked}日より少なくしてください。",
                f"nobody opened a link within {clicked} days and none within {not_clicked}. "
                f"Let the days without a click be fewer than {clicked}.",
            )
        )
    orders = audience.max_orders
    if orders == 0 and (needed := _needs_an_order(audience)):
        found.append(
            _fault(
                "max_orders",
                "nobody",
                "お買い物が0回の方には、お買い物についてのほかの条件（最後のお買い物・合計・買った商品）は当てはまりません。"
                "どちらかを消してください。",
                f"who has 0 orders cannot have {needed}. Remove one of the two.",
            )
        )
    return found


def _needs_an_order(audience: Audience) -> str:
    if audience.min_days_since_order is not None or audience.max_days_since_order is not None:
        return "a last order"
    if audience.bought_products:
        return "bought a product"
    return "sales" if audience.min_sales_yen else ""


def _unknown(audience: Audience) -> Iterable[Fault]:
    for fields, read, plain, code, ja, en in (
        (
            ("bought_products", "not_bought_products"),
            product_codes.known,
            product_codes.plain,
            "unknown-product",
            "商品コード「{word}」の商品は、まだ売れたことがありません。",
            'no product with the code "{word}" was sold yet. ',
        ),
        (
            ("tags", "not_tags"),
            _known_tags,
            customer_tags.plain,
            "unknown-tag",
            "タグ「{word}」のついたお客さまはいません。",
            'no customer has the tag "{word}". ',
        ),
        (
            ("inside_flow",),
            _known_flows,
            str.strip,
            "unknown-flow",
            "「{word}」というシナリオはありません。",
            'there is no flow "{word}". ',
        ),
    ):
        yield from _unknown_words(audience, fields, read, plain, code, ja, en)


def _unknown_words(
    audience: Audience,
    fields: Iterable[str],
    read: Callable[[], list[str]],
    plain: Callable[[str], str],
    code: str,
    ja: str,
    en: str,
) -> Iterable[Fault]:
    known: dict[str, str] | None = None
    for field in fields:
        value: Any = getattr(audience, field)
        for word in (value,) if isinstance(value, str) else value or ():
            if known is None:
                known = {plain(each): each for each in read()}
            if plain(word) in known:
                continue
            near = difflib.get_close_matches(plain(word), list(known), 1, 0.6)
            hint_ja = f"「{known[near[0]]}」でしょうか？" if near else ""
            hint_en = f'Did you mean "{known[near[0]]}"?' if near else ""
            yield _fault(
                field, code, ja.format(word=word) + hint_ja, (en.format(word=word) + hint_en).strip()
            )


def _known_tags() -> list[str]:
    rows: Any = CustomerTag.select(CustomerTag.tag).distinct().tuples()
    return [tag for (tag,) in rows]


def _known_flows() -> list[str]:
    rows: Any = Flow.select(Flow.key).order_by(Flow.key).tuples()
    return [key for (key,) in rows]


def _fault(field: str, code: str, ja: str, en: str) -> Fault:
    return Fault(None, field, code, ja, en)
