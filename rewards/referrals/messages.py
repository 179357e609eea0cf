"""Builds what is said on LINE of invitations: the card, and what came of a code. Words: `words.py`."""

from bot.config import settings, shop
from bot.line import messages as line
from bot.line.messages import Component, Message
from rewards.drawing import card_parts
from rewards.ledger.actions import Action as Did
from rewards.ledger.settings import PointRules
from rewards.referrals.words import ReferralWords, words

LONGEST_URI = 1000


def invitation(code: str) -> Message:
    """The customer's own invitation: what both get, a button that sends it, the code and its QR."""
    say_it, rules = words(), shop.get(PointRules)
    gifts = line.row(
        [
            card_parts.gift(say_it.invitation_yours, rules.points_for(Did.REFERRAL)),
            card_parts.gift(say_it.invitation_theirs, rules.points_for(Did.REFERRED)),
        ],
        spacing="md",
    )
    card = line.bubble(
        [
            line.words(say_it.invitation, size="sm"),
            gifts,
            line.separator(),
            line.words(say_it.invitation_code, size="xs", color=line.FAINT, align="center", margin="lg"),
            line.words(code, size="xl", weight="bold", align="center", wrap=False),
            *_qr(code, say_it),
        ],
        [line.button(line.open_uri(say_it.invitation_send, _share(code, say_it)))],
        header=card_parts.header("", say_it.invitation_title, "", card_parts.LEAF, size="lg"),
    )
    return line.flex(f"{say_it.invitation_title}（{say_it.invitation_code}：{code}）", card)


def welcome_referred() -> Message:
    """The code was good: what the first purchase will bring."""
    points = shop.get(PointRules).points_for(Did.REFERRED)
    return line.text(words().welcome_referred.format(points=f"{points:,}"))


def own_code() -> Message:
    """The code is the customer's own."""
    return line.text(words().own_code)


def unknown_code() -> Message:
    """Nobody has that code."""
    return line.text(words().unknown_code)


def already_customer() -> Message:
    """Codes are for new people; the customer's own may be passed on."""
    return line.text(words().already_customer, [line.say("紹介コードを見る", "紹介")])


def already_joined() -> Message:
    """A code counts once."""
    return line.text(words().already_joined)


def being_checked() -> Message:
    """The code is held for a person to judge."""
    return line.text(words().being_checked)


def referral_declined() -> Message:
    """A person looked into it, and it was no referral."""
    return line.text(words().referral_declined)


def friend_bought(points: int, balance: int) -> Message:
    """To the referrer: the friend bought for the first time. The friend is not named."""
    say_it = words()
    if not points:
        return line.text(say_it.friend_bought_no_points)
    return line.text(say_it.friend_bought.format(points=f"{points:,}", balance=f"{balance:,}"))


def _qr(code: str, say_it: ReferralWords) -> list[Component]:
    """The QR to show to a friend in the same room. LINE takes pictures by https only: elsewhere there is none."""
    url = f"{settings.current().public_url}/q/{code}.png"
    if not url.startswith("https://"):
        return []
    picture = {
        "type": "image",
        "url": url,
        "size": "xl",
        "aspectRatio": "1:1",
        "aspectMode": "fit",
        "margin": "md",
    }
    return [picture, line.words(say_it.invitation_qr, size="xs", color=line.FAINT, align="center")]


def _share(code: str, say_it: ReferralWords) -> str:
    config = settings.current()
    url = f"{config.public_url}/r/{code}"  # short enough for any message
    whole = line.share(say_it.share.format(shop=config.shop_name, url=url))
    return whole if len(whole) <= LONGEST_URI else line.share(url)
