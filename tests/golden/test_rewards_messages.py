"""Golden messages of rewards. UPDATE_GOLDEN=1 rewrites the files: read the diff."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import localtime
from bot.config import settings as bot_settings
from bot.config import shop
from bot.line.messages import Action as Tap
from bot.line.messages import Message, postback
from rewards.cards import messages as card_messages
from rewards.cards.content import CardContent
from rewards.ledger import earning_limits
from rewards.ledger import messages as ledger_messages
from rewards.ledger.actions import Action
from rewards.ledger.due_points import Outlook
from rewards.ledger.explanations import ExplainedEntry, explain
from rewards.ledger.ledger import EntryKind, LedgerEntry
from rewards.ledger.words import reasons
from rewards.ranks import messages as rank_cards
from rewards.ranks.colours import COLOUR
from rewards.ranks.customer_rank import AtRisk, RankOffer, RankSnapshot
from rewards.ranks.rules import Axes, Facts, Rank, RankRules, axes_of, keeping_action, next_action, rank_of
from rewards.referrals import messages as referral_messages
from tests.complete import assert_none
from tests.golden.golden_files import assert_none_left_over
from tests.line_limits import assert_valid

GOLDEN = Path(__file__).parent / "rewards"
CODE = "K7MP-4XWD"


def entry(kind: EntryKind, action: Action, points: int, day: int, **more: object) -> LedgerEntry:
    return LedgerEntry(kind=kind, action=action, points=points, occurred_on=date(2026, 11, day), **more)


def recent() -> list[ExplainedEntry]:
    return [
        explain(entry(EntryKind.EARN, Action.REFERRAL, 200, 22)),
        explain(entry(EntryKind.REVERSE, Action.PURCHASE, -39, 21)),
        explain(entry(EntryKind.REFUSED, Action.COMMENT, 0, 20, note="more than 2 a day of comment")),
        explain(entry(EntryKind.EARN, Action.SURVEY_ANSWER, 20, 14)),
        explain(entry(EntryKind.EARN, Action.PURCHASE, 1239, 1)),
    ]


def what_gave_nothing() -> list[ExplainedEntry]:
    return [
        explain(entry(EntryKind.PENDING, Action.PURCHASE, 0, 22, held=52), date(2026, 12, 6)),
        explain(entry(EntryKind.REVERSE, Action.PURCHASE, 0, 21, held=-12)),
        explain(entry(EntryKind.EARN, Action.PURCHASE, 0, 20)),
        explain(entry(EntryKind.REFUSED, Action.PURCHASE, 0, 19, note=earning_limits.ORDER_REVERSED)),
        explain(entry(EntryKind.REFUSED, Action.REFERRAL, 0, 18, note="more than 5 a month of referral")),
    ]


def snapshot(**did: int) -> RankSnapshot:
    facts, rules = Facts(**did), RankRules()
    axes = axes_of(facts, rules)
    rank = rank_of(axes, facts, rules)
    return RankSnapshot(rank, axes, facts)


def offer(snapshot: RankSnapshot, rules: RankRules | None = None) -> RankOffer:
    action = next_action(snapshot.facts, rules or RankRules(), snapshot.rank)
    return RankOffer(action, date(2026, 12, 22), snapshot.rank is max(Rank))


def rank_card(snapshot: RankSnapshot, do_it: Tap | None = None) -> Message:
    return rank_cards.rank(snapshot, offer(snapshot), do_it)


NEW = snapshot()
FIRST_PURCHASE = snapshot(sales_yen=3_980, purchase_count=1, months_since_joining=1)
ACTIVE = snapshot(sales_yen=20_000, purchase_count=3, survey_answer_count=2, months_since_joining=8)
FAR = snapshot(sales_yen=6_000, purchase_count=2, survey_answer_count=1)
REPLYING = Facts(
    sales_yen=20_000, purchase_count=3, survey_answer_count=2, reply_day_count=1, testimonial_count=2
)
ASKS_FOR_REPLIES = RankRules(premium=(50, 65, 20))
REPLYING_SNAPSHOT = RankSnapshot(Rank.ACTIVE, axes_of(REPLYING, ASKS_FOR_REPLIES), REPLYING)
AMBASSADOR = snapshot(
    sales_yen=48_000,
    purchase_count=6,
    survey_answer_count=2,
    reply_day_count=12,
    click_day_count=4,
    referral_bought_count=3,
    testimonial_count=1,
    opinion_count=2,
    months_since_joining=14,
)

MEMBER = CardContent("ひだまり堂", "髙橋 𠮷右衛門", Rank.PREMIUM, 12_430, "4821-0937-5566")

AT_RISK = AtRisk(
    Rank.PREMIUM,
    date(2026, 12, 1),
    keeping_action(Facts(sales_yen=6_000, purchase_count=2, testimonial_count=1), RankRules(), Rank.PREMIUM),
)

SHOWN: dict[str, Callable[[], Message]] = {
    "points": lambda: ledger_messages.points(1_420, recent()),
    "points_that_gave_nothing": lambda: ledger_messages.points(1_420, what_gave_nothing()),
    "points_none_yet": lambda: ledger_messages.points(0, []),
    "points_debt": lambda: ledger_messages.points(-120, recent()[1:2]),
    "points_ahead": lambda: ledger_messages.points(
        1_420, recent(), Outlook(52, date(2026, 12, 6), date(2027, 11, 22), 1_420)
    ),
    "expiring": lambda: ledger_messages.expiring(Outlook(expires_on=date(2026, 12, 22), expiring=1_420)),
    "rank_new": lambda: rank_card(NEW),
    "rank_first_purchase": lambda: rank_card(FIRST_PURCHASE),
    "rank_active": lambda: rank_card(ACTIVE, postback("感想を書く", "testimonial.write", "感想を書く")),
    "rank_far": lambda: rank_card(FAR),
    "rank_replying": lambda: rank_cards.rank(REPLYING_SNAPSHOT, offer(REPLYING_SNAPSHOT, ASKS_FOR_REPLIES)),
    "rank_nothing_possible": lambda: rank_cards.rank(NEW, RankOffer(None, date(2026, 12, 22), False)),
    "rank_ambassador": lambda: rank_card(AMBASSADOR),
    "rank_up_active": lambda: rank_cards.rank_up(Rank.ACTIVE, date(2027, 11, 22)),
    "rank_up_premium": lambda: rank_cards.rank_up(Rank.PREMIUM, date(2027, 11, 22)),
    "rank_up_ambassador": lambda: rank_cards.rank_up(Rank.AMBASSADOR, date(2027, 11, 22)),
    "fall_warned": lambda: rank_cards.fall_warned(AT_RISK),
    "fall_warned_nothing_to_do": lambda: rank_cards.fall_warned(
        AtRisk(Rank.PREMIUM, date(2027, 1, 1), None),
        postback("感想を書く", "testimonial.write", "感想を書く"),
    ),
    "rank_up_without_a_day": lambda: rank_cards.rank_up(Rank.ACTIVE, None),
    "perks_basic": lambda: rank_cards.perks(1, NEW, offer(NEW)),
    "earned_purchase": lambda: ledger_messages.earned(39, 1_459, Action.PURCHASE),
    "earned_own_words": lambda: ledger_messages.earned(39, 1_459, "ご来店"),
    "invitation": lambda: referral_messages.invitation(CODE),
    "welcome_referred": referral_messages.welcome_referred,
    "own_code": referral_messages.own_code,
    "unknown_code": referral_messages.unknown_code,
    "already_customer": referral_messages.already_customer,
    "already_joined": referral_messages.already_joined,
    "being_checked": referral_messages.being_checked,
    "referral_declined": referral_messages.referral_declined,
    "member_card": lambda: card_messages.card(MEMBER, "https://goen.example/m/1.2.3.png"),
    "member_card_without_picture": lambda: card_messages.card(MEMBER, "http://127.0.0.1/m/1.png"),
    "friend_bought": lambda: referral_messages.friend_bought(200, 1_620),
    "friend_bought_no_points": lambda: referral_messages.friend_bought(0, 1_420),
}


@pytest.mark.parametrize("name", SHOWN)
def test_message_is_golden_and_line_takes_it(name: str) -> None:
    with localtime.fixed(datetime(2026, 11, 22, 3, 0, tzinfo=UTC)):
        message = SHOWN[name]()
    path = GOLDEN / f"{name}.json"
    said = json.dumps([message], ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == said, (
        f"{path.name} holds another wording. If the new one is right, run this test with UPDATE_GOLDEN=1."
    )
    assert_valid([message])


def test_no_golden_file_is_left_over() -> None:
    assert_none_left_over(GOLDEN, SHOWN)


def test_every_action_has_a_word() -> None:
    said = {action: reasons().reason(action) for action in Action}
    assert_none(
        (action for action, reason in said.items() if action == reason),
        "the history of points has no words for this reason: add them to PointWords.",
    )


def test_the_largest_figures_still_fit() -> None:
    most = 10**6
    facts = Facts(10**12, *[most] * 8)
    assert_valid([rank_card(RankSnapshot(Rank.BASIC, Axes(100, 100, 100), facts))])
    assert_valid(
        [ledger_messages.points(10**12, [explain(entry(EntryKind.EARN, Action.PURCHASE, 10**9, 1))] * 5)]
    )


@pytest.fixture
def _own_words() -> Iterator[None]:
    yield
    shop.use({})


@pytest.mark.usefixtures("_own_words")
def test_a_long_shop_name_and_long_words_still_make_a_link_line_opens(
    settings: bot_settings.Settings,
) -> None:
    bot_settings.use(settings.model_copy(update={"shop_name": "店" * 40}))
    shop.use({"rewards": {"words": {"share": "{shop}" + "とてもよいお店です" * 20 + "{url}"}}})
    card = referral_messages.invitation(CODE)
    assert_valid([card])
    uri = card["contents"]["footer"]["contents"][0]["action"]["uri"]
    assert len(uri) <= 1000
    assert CODE in uri


@pytest.mark.usefixtures("_own_words")
@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("prefilled", "紹介で来ました", "must hold {code}"),
        ("share", "おすすめです", "must hold {url}"),
        ("earned", "{point}ポイント", "unknown placeholder"),
        ("prefilled", "{code}" * 20, "40"),
    ],
)
def test_words_that_would_lose_the_friend_are_refused_at_the_start(
    key: str, value: str, sentence: str
) -> None:
    with pytest.raises(shop.ShopFileError, match=sentence):
        shop.use({"rewards": {"words": {key: value}}})


@pytest.mark.parametrize("colour", [*COLOUR.values(), "#1A7F4B"])
def test_white_text_is_readable_on_every_header(colour: str) -> None:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    assert 1.05 / (luminance + 0.05) >= 4.5
