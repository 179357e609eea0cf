"""Builds the messages about invitations: the card, and the answers to a code. Sentences: `words.py`."""

from bot.config import settings, shop
from bot.line import messages as line
from bot.line.messages import Component, Message
from rewards.drawing import card_parts
from rewards.ledger.actions import Action as Did
from rewards.ledger.settings import PointRules
from rewards.referrals.words import ReferralWords, words

LONGEST_URI = 1000


def invitation(code: str) -> Message:
    """The customer's own invitation: what both sides get, a button that shares it, the code and its QR."""
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
    """The answer to a valid code: the points for the first purchase."""
    points = shop.get(PointRules).points_for(Did.REFERRED)
    return line.text(words().welcome_referred.format(points=f"{points:,}"))


def own_code() -> Message:
    """The answer to the customer's own code."""
    return line.text(words().own_code)


def unknown_code() -> Message:
    """The answer to a code that nobody has."""
    return line.text(words().unknown_code)


def already_customer() -> Message:
    """The answer to existing customers, who can use no code but may share their own."""
    return line.text(words().already_customer, [line.say("紹介コードを見る", "紹介")])


def already_joined() -> Message:
    """The answer to a second code: a person joins once."""
    return line.text(words().already_joined)


def being_checked() -> Message:
    """The answer when the code is held until staff have checked it."""
    return line.text(words().being_checked)


def referral_declined() -> Message:
    """The notice that staff checked the referral and rejected it."""
    return line.text(words().referral_declined)


def friend_bought(points: int, balance: int) -> Message:
    """The notice to the referrer that a friend bought for the first time. The friend is not named."""
    say_it = words()
    if not points:
        return line.text(say_it.friend_bought_no_points)
    return line.text(say_it.friend_bought.format(points=f"{points:,}", balance=f"{balance:,}"))


def _qr(code: str, say_it: ReferralWords) -> list[Component]:
    """The QR to show to a friend in person; none without https, since LINE shows pictures by https only."""
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
