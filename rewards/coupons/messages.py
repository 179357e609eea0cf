"""Builds the messages about coupons: the list, the question before an exchange, the coupon itself. Sentences:
`words.py`."""

from collections.abc import Sequence

from bot.line import messages as line
from bot.line.messages import Component, Message
from rewards.coupons.links import qr_image, shop_page
from rewards.coupons.reward_list import RewardOffer
from rewards.coupons.rules import Lack, RewardKind
from rewards.coupons.tables import Coupon, CouponState, Reward
from rewards.coupons.words import words
from rewards.drawing import card_parts
from rewards.ranks.rules import Rank

MOST_BUBBLES = 10
COUPON_COLOUR = "#A03B2A"


def offered(held: Sequence[Coupon], offers: Sequence[RewardOffer], points: int) -> Message:
    """The customer's coupons, then what they can exchange points for; each card has one button."""
    say_it = words()
    bubbles = [_held(coupon) for coupon in held] + [_offer(offer, points) for offer in offers]
    if not bubbles:
        return line.text(say_it.nothing)
    return line.flex(say_it.list_title, line.carousel(bubbles[:MOST_BUBBLES]))


def confirm(reward: Reward, points: int, ask: str) -> Message:
    """The question before points are spent. `ask` identifies it, so that tapping twice exchanges once."""
    say_it = words()
    sentence = say_it.confirm.format(
        reward=reward.name, points=f"{reward.points_price:,}", balance=f"{points - reward.points_price:,}"
    )
    buttons = [
        line.button(
            line.postback(
                say_it.confirm_yes, "coupon.exchange", say_it.confirm_yes, reward=reward.id, ask=ask
            )
        ),
        line.button(line.say(say_it.confirm_no), "secondary"),
    ]
    return line.flex(sentence, line.bubble([line.words(sentence)], buttons))


def coupon(mine: Coupon) -> Message:
    """The coupon to show in the shop: name, code, QR, last day. A used or expired one says so."""
    say_it = words()
    match mine.state_now:
        case CouponState.REDEEMED:
            return line.text(say_it.coupon_used)
        case CouponState.EXPIRED:
            return line.text(say_it.coupon_over)
        case CouponState.CANCELLED:
            return line.text(say_it.coupon_cancelled)
    shop = shop_page(mine.code)
    body: list[Component] = [
        line.words(mine.value_text, size="sm"),
        *_qr(mine.code),
        line.words(say_it.coupon_code, size="xs", color=line.FAINT, align="center", margin="lg"),
        line.words(
            mine.code, size="lg", weight="bold", align="center", wrap=False, adjustMode="shrink-to-fit"
        ),
        line.separator(),
        line.words(say_it.coupon_use_in_shop if shop else say_it.coupon_use, size="xs", color=line.FAINT),
    ]
    buttons = [line.button(line.open_uri(say_it.use_in_shop, shop))] if shop else []
    buttons.append(line.button(line.copy(say_it.copy_code, mine.code), "secondary" if shop else "primary"))
    card = line.bubble(
        body, buttons, header=card_parts.header(_until(mine), mine.name, "", COUPON_COLOUR, "lg")
    )
    return line.flex(f"{mine.name}（{say_it.coupon_code}：{mine.code}）", card)


def given(coupons: Sequence[Coupon], kind: RewardKind, rank: str = "") -> list[Message]:
    """Coupons given for an occasion, with the reason."""
    if not coupons:
        return []
    sentence = words().given(kind, rank)
    shown = [_held(each, sentence) for each in coupons[:MOST_BUBBLES]]
    return [line.flex(sentence, line.carousel(shown))]


def exchanged(balance: int) -> Message:
    """The confirmation after points were exchanged for a coupon."""
    return line.text(words().exchanged.format(balance=f"{balance:,}"))


def missed(lack: Lack | None, missing_points: int) -> Message:
    """The answer when the exchange was no longer possible."""
    return line.text(words().missed(lack, missing_points))


def cancelled(reward: str, points: int, balance: int) -> Message:
    """The notice that staff cancelled the coupon, with the points that were returned."""
    if not points:
        return line.text(words().cancelled.format(reward=reward))
    sentence = words().cancelled_points
    return line.text(sentence.format(reward=reward, points=f"{points:,}", balance=f"{balance:,}"))


def revoked(gone: Sequence[Coupon]) -> list[Message]:
    """The notice that unused gifts were cancelled with the order they were given for."""
    if not gone:
        return []
    return [line.text(words().taken_back.format(reward="」「".join(each.name for each in gone)))]


def unknown() -> Message:
    """The answer when the customer has no such coupon."""
    return line.text(words().coupon_unknown)


def _held(mine: Coupon, sentence: str = "") -> Component:
    show = line.postback(words().show, "coupon.show", words().show, coupon=mine.id)
    above = [line.words(sentence, size="sm"), line.separator()] if sentence else []
    return line.bubble(
        [
            *above,
            line.words(mine.value_text, size="sm"),
            line.words(_until(mine), size="xs", color=line.FAINT),
        ],
        [line.button(show)],
        size="kilo",
        header=card_parts.header("", mine.name, "", COUPON_COLOUR, "md"),
    )


def _offer(offer: RewardOffer, points: int) -> Component:
    say_it, reward = words(), offer.reward
    terms = reward.terms()
    body: list[Component] = [
        line.words(
            say_it.price.format(points=f"{reward.points_price:,}"),
            size="lg",
            weight="bold",
            color=card_parts.LEAF,
        ),
        line.words(reward.value_text, size="sm"),
        line.words(say_it.you_have.format(points=f"{points:,}"), size="xs", color=line.FAINT),
        line.words(_missing(offer, points), size="sm", weight="bold"),
    ]
    if terms.left is not None:
        body.append(line.words(say_it.left.format(count=terms.left), size="xs", color=line.FAINT))
    action = (
        line.say(say_it.how_to_collect, "ポイント")
        if offer.lack
        else line.postback(say_it.exchange, "coupon.ask", say_it.exchange, reward=reward.id)
    )
    button = line.button(action, "secondary" if offer.lack else "primary")
    return line.bubble(
        body, [button], size="kilo", header=card_parts.header("", reward.name, "", card_parts.LEAF, "md")
    )


def _missing(offer: RewardOffer, points: int) -> str:
    say_it = words()
    match offer.lack:
        case None:
            return say_it.enough
        case Lack.RANK:
            return say_it.lack_rank.format(rank=Rank(offer.reward.minimum_rank).ja)
        case _:
            return say_it.lack_points.format(points=f"{offer.reward.points_price - points:,}")


def _until(mine: Coupon) -> str:
    last = mine.valid_until
    return words().coupon_until.format(month=last.month, day=last.day)


def _qr(code: str) -> list[Component]:
    """The QR as a picture; none without https, since LINE shows pictures by https only, and the code can be
    typed."""
    url = qr_image(code)
    if not url.startswith("https://"):
        return []
    return [
        {"type": "image", "url": url, "size": "xl", "aspectRatio": "1:1", "aspectMode": "fit", "margin": "md"}
    ]
