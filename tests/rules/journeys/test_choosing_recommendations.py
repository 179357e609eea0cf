"""What is recommended to a customer, and in which words: a table, and properties that hold for any history."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.recommendations import choosing, reasons
from journeys.recommendations.choosing import Bought, Manner, Pair, Product, Recommendation, Rules, Usual

TODAY = date(2026, 6, 1)
TEA, CUP, POT, SET = 1, 2, 3, 4
NAMES = {TEA: "緑茶50g", CUP: "湯のみ", POT: "急須", SET: "特選玉露"}


def product(number: int, **changed: Any) -> Product:
    values = {"sku": f"P-{number}", "name": NAMES[number], "url": f"https://shop.example/{number}"} | changed
    return Product(number, **values)


def products(**changed: dict[str, Any]) -> dict[int, Product]:
    return {number: product(number, **changed.get(f"p{number}", {})) for number in NAMES}


def bought(number: int, days_ago: int = 60, *, is_reversed: bool = False) -> Bought:
    return Bought(number, TODAY - timedelta(days=days_ago), is_reversed)


def pair(begins: int, other: int, count: int = 30, *, others: int = 100, **changed: Any) -> Pair:
    """Of 90 buyers of the first, so many bought the other next, as did 100 of 1,000 buyers of anything."""
    values = {"together_count": 0, "next_count": count, "product_buyers": 90} | changed
    usual = Usual(values["product_buyers"], others, 1_000)
    return Pair(begins, other, **values, usually_next=usual, usually_together=usual)


CASES: list[tuple[str, list[Bought], list[Pair], dict[str, dict[str, Any]], int | None]] = [
    ("bought next", [bought(TEA)], [pair(TEA, CUP)], {}, CUP),
    ("bought together", [bought(TEA)], [pair(TEA, CUP, 0, together_count=30)], {}, CUP),
    ("nothing bought", [], [pair(TEA, CUP)], {}, None),
    ("nothing counted", [bought(TEA)], [], {}, None),
    ("fewer than five bought both", [bought(TEA)], [pair(TEA, CUP, 4)], {}, None),
    ("five are enough", [bought(TEA)], [pair(TEA, CUP, 5, product_buyers=20)], {}, CUP),
    ("too small a share", [bought(TEA)], [pair(TEA, CUP, 5, product_buyers=101, others=1)], {}, None),
    ("the best-seller of everybody", [bought(TEA)], [pair(TEA, CUP, 60, others=700)], {}, None),
    (
        "what says more about these buyers goes before what more of them bought",
        [bought(TEA)],
        [pair(TEA, CUP, 60, others=600), pair(TEA, POT, 20, others=50)],
        {},
        POT,
    ),
    ("out of stock", [bought(TEA)], [pair(TEA, CUP)], {"p2": {"in_stock": False}}, None),
    ("the owner does not want it", [bought(TEA)], [pair(TEA, CUP)], {"p2": {"is_recommended": False}}, None),
    ("no page to open", [bought(TEA)], [pair(TEA, CUP)], {"p2": {"url": ""}}, None),
    ("without a name", [bought(TEA)], [pair(TEA, CUP)], {"p2": {"name": ""}}, None),
    (
        "the next one where the best is out of stock",
        [bought(TEA)],
        [pair(TEA, CUP, 40), pair(TEA, POT)],
        {"p2": {"in_stock": False}},
        POT,
    ),
    ("they have it", [bought(TEA), bought(CUP, 900)], [pair(TEA, CUP)], {}, None),
    ("not used up", [bought(TEA), bought(CUP, 59)], [pair(TEA, CUP)], {"p2": {"repurchase_days": 60}}, None),
    ("used up", [bought(TEA), bought(CUP, 60)], [pair(TEA, CUP)], {"p2": {"repurchase_days": 60}}, CUP),
    ("just bought", [bought(TEA), bought(CUP, 29)], [pair(TEA, CUP)], {"p2": {"repurchase_days": 7}}, None),
    (
        "bought a month ago",
        [bought(TEA), bought(CUP, 30)],
        [pair(TEA, CUP)],
        {"p2": {"repurchase_days": 7}},
        CUP,
    ),
    ("the same again", [bought(TEA, 60)], [pair(TEA, TEA)], {"p1": {"repurchase_days": 60}}, TEA),
    ("the same again, too early", [bought(TEA, 50)], [pair(TEA, TEA)], {"p1": {"repurchase_days": 60}}, None),
    ("the same again, but it lasts for ever", [bought(TEA, 500)], [pair(TEA, TEA)], {}, None),
    (
        "it was refunded",
        [bought(TEA), bought(CUP, 400, is_reversed=True)],
        [pair(TEA, CUP)],
        {"p2": {"repurchase_days": 60}},
        None,
    ),
    ("what it follows from was refunded", [bought(TEA, is_reversed=True)], [pair(TEA, CUP)], {}, None),
    ("alike: by its code", [bought(TEA)], [pair(TEA, POT), pair(TEA, CUP)], {}, CUP),
]


@pytest.mark.parametrize(
    ("history", "pairs", "changed", "expected"), [each[1:] for each in CASES], ids=[each[0] for each in CASES]
)
def test_the_choice(
    history: list[Bought], pairs: list[Pair], changed: dict[str, dict[str, Any]], expected: int | None
) -> None:
    found = choosing.choose(history, pairs, products(**changed), TODAY, Rules())
    assert (found.product.id if found else None) == expected


PREMIUM = {"p4": {"premium": True}, "p3": {"premium": True}}


@pytest.mark.parametrize(
    ("history", "pairs", "changed", "expected"),
    [
        ([bought(TEA)], [pair(TEA, SET), pair(TEA, CUP, 80)], PREMIUM, SET),
        ([bought(TEA)], [], PREMIUM, POT),  # the one with most buyers
        ([], [], PREMIUM, POT),
        ([bought(SET)], [pair(SET, POT)], PREMIUM, None),  # has one
        ([bought(SET, is_reversed=True)], [], PREMIUM, None),
        ([bought(TEA)], [], PREMIUM | {"p3": {"premium": True, "in_stock": False}}, SET),
        ([bought(TEA)], [pair(TEA, CUP)], {}, None),  # the shop has none
    ],
)
def test_the_premium_product(
    history: list[Bought], pairs: list[Pair], changed: dict[str, dict[str, Any]], expected: int | None
) -> None:
    found = choosing.choose_premium(history, pairs, products(**changed), {POT: 9, SET: 8}, TODAY, Rules())
    assert (found.product.id if found else None) == expected


@pytest.mark.parametrize(
    ("count", "of", "said"),
    [
        (30, 90, "3人に1人"),
        (31, 90, "3人に1人以上"),
        (29, 90, "4人に1人以上"),
        (45, 90, "2人に1人"),
        (50, 90, "2人に1人以上"),
        (63, 90, "10人に7人"),
        (64, 90, "10人に7人以上"),
        (89, 90, "10人に9人以上"),
        (90, 90, "全員"),
        (5, 100, "20人に1人"),
    ],
)
def test_a_share_in_words(count: int, of: int, said: str) -> None:
    assert reasons.share_in_words(Fraction(count, of)) == said


@given(st.integers(1, 2_000).flatmap(lambda of: st.tuples(st.integers(1, of), st.just(of))))
def test_a_share_in_words_is_never_more_than_it_is(counted: tuple[int, int]) -> None:
    share = Fraction(*counted)
    said = reasons.share_in_words(share)
    if said == "全員":
        assert share == 1
        return
    of, people = (int(each) for each in said.removesuffix("以上").replace("人", "").split("に"))
    assert Fraction(people, of) < share if said.endswith("以上") else Fraction(people, of) == share


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        (pair(TEA, CUP), "『緑茶50g』をお買い上げの方の3人に1人が、次のご注文で選んでいます"),
        (
            pair(TEA, CUP, 29, together_count=45),
            "『緑茶50g』をお買い上げの方の2人に1人が、いっしょに選んでいます",
        ),
        (
            pair(TEA, TEA, 60, together_count=90),
            "『緑茶50g』をお買い上げの方の10人に6人以上が、次のご注文でも選んでいます。そろそろいかがですか",
        ),
        (None, "いつもありがとうございます。とっておきの一品をご紹介します"),
    ],
)
def test_the_reason(counted: Pair | None, said: str) -> None:
    because_of = product(TEA) if counted else None
    assert reasons.reason(Recommendation(product(CUP), counted, because_of)) == said


_PAIRS = st.builds(
    lambda begins, other, together, later, buyers: Pair(
        begins, other, together, later, 100, Usual(100, buyers, 1_000), Usual(100, buyers, 1_000)
    ),
    st.sampled_from([*NAMES]),
    st.sampled_from([*NAMES]),
    st.integers(0, 100),
    st.integers(0, 100),
    st.integers(1, 1_000),
)
_HISTORY = st.lists(
    st.builds(
        lambda number, days, undone: bought(number, days, is_reversed=undone),
        st.sampled_from([*NAMES]),
        st.integers(0, 400),
        st.booleans(),
    ),
    unique_by=lambda each: each.product_id,
)
_PRODUCTS = st.fixed_dictionaries(
    {
        number: st.builds(
            lambda number, stock, wanted, days: product(
                number, in_stock=stock, is_recommended=wanted, repurchase_days=days
            ),
            st.just(number),
            st.booleans(),
            st.booleans(),
            st.none() | st.integers(1, 200),
        )
        for number in NAMES
    }
)


@given(
    _HISTORY,
    st.lists(_PAIRS, unique_by=lambda each: (each.product_id, each.other_id)),
    _PRODUCTS,
    st.randoms(),
)
def test_whatever_the_history(
    history: list[Bought], pairs: list[Pair], stock: dict[int, Product], chance: Any
) -> None:
    found = choosing.ranked(history, pairs, stock, TODAY, Rules())
    owned = {each.product_id: each for each in history}
    for each in found:
        assert each.pair is not None
        assert each.product.can_be_shown
        assert each.pair.count >= 5 and each.pair.share >= Fraction(1, 20) and each.pair.lift > 1
        assert not owned[each.pair.product_id].is_reversed
        before = owned.get(each.product.id)
        if before is not None:
            days = (TODAY - before.last_on).days
            assert not before.is_reversed and days >= 30 and days >= (each.product.repurchase_days or 9_999)
    assert len({each.product.id for each in found}) == len(found)
    chance.shuffle(pairs)
    assert choosing.ranked([*reversed(history)], pairs, stock, TODAY, Rules()) == found


def test_a_pair_of_the_same_product_is_only_ever_bought_again() -> None:
    assert pair(TEA, TEA, 3, together_count=90).manner is Manner.NEXT
