"""Builds what rewards say on LINE of points and invitations. The words are in `words.py`, the owner's."""

from collections.abc import Sequence

from bot import line_messages as line
from bot import localtime, settings, shop
from bot.line_messages import Component, Message
from rewards import cards
from rewards.due_points import Outlook
from rewards.expiry import Policy
from rewards.explained import Explained
from rewards.invitation_links import invitation_page, qr_image
from rewards.points import Action as Did
from rewards.rules import PointRules
from rewards.words import RewardWords, words

LONGEST_URI = 1000


NOTHING_AHEAD = Outlook()


def points(balance: int, recent: Sequence[Explained], outlook: Outlook = NOTHING_AHEAD) -> Message:
    """The balance, what is still held, when something expires, and what it all came from, newest first."""
    say_it = words()
    body: list[Component] = []
    if balance < 0:
        body.append(line.words(say_it.points_debt, size="sm"))
    ahead = _ahead(outlook, say_it)
    if ahead:
        body.append(cards.panel(ahead))
    if recent:
        body.append(line.words(say_it.points_recent, size="xs", color=line.FAINT))
        body += [_entry(each) for each in recent]
    else:
        body.append(line.words(say_it.points_none_yet, size="sm"))
    card = line.bubble(
        body,
        [line.button(line.say("ランクを見る", "ランク"), "secondary")],
        header=cards.header(say_it.points_title, f"{balance:,}", "ポイント", cards.LEAF),
    )
    return line.flex(f"{say_it.points_title}：{balance:,}ポイント", card)


def expiring(outlook: Outlook) -> Message:
    """Before points expire: how many, by which day, and what keeps them."""
    say_it, day = words(), localtime.in_words(outlook.expires_on)
    moves_on = shop.get(PointRules).expiry == Policy.INACTIVITY
    sentence = (say_it.points_expiring_idle if moves_on else say_it.points_expiring).format(
        day=day, points=f"{outlook.expiring:,}"
    )
    card = line.bubble(
        [line.words(sentence, size="sm")],
        [line.button(line.say("ポイントを見る", "ポイント"), "secondary")],
        header=cards.header(say_it.points_expiring_title, f"{outlook.expiring:,}", "ポイント", cards.LEAF),
    )
    return line.flex(f"{say_it.points_expiring_title}：{outlook.expiring:,}ポイント（{day}まで）", card)


def earned(points: int, balance: int, reason: str) -> Message:
    """Points were given; `reason` is an action of the ledger, or words of one's own."""
    say_it = words()
    sentence = say_it.earned.format(
        reason=say_it.reason(reason), points=f"{points:,}", balance=f"{balance:,}"
    )
    return line.text(sentence)


def invitation(code: str) -> Message:
    """The customer's own invitation: what both get, a button that sends it, the code and its QR."""
    say_it, rules = words(), shop.get(PointRules)
    gifts = line.row(
        [
            cards.gift(say_it.invitation_yours, rules.points_for(Did.REFERRAL)),
            cards.gift(say_it.invitation_theirs, rules.points_for(Did.REFERRED)),
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
        header=cards.header("", say_it.invitation_title, "", cards.LEAF, size="lg"),
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


def _ahead(outlook: Outlook, say_it: RewardWords) -> list[Component]:
    lines = []
    if outlook.pending and outlook.pending_from:
        held = {"points": f"{outlook.pending:,}", "day": localtime.in_words(outlook.pending_from)}
        lines.append(say_it.points_pending.format(**held))
    if outlook.expiring:
        lost = {"points": f"{outlook.expiring:,}", "day": localtime.in_words(outlook.expires_on)}
        lines.append(say_it.points_expiry.format(**lost))
    return [line.words(sentence, size="xs") for sentence in lines]


def _entry(told: Explained) -> Component:
    row = line.row(
        [
            line.words(f"{told.day.month}/{told.day.day}", size="sm", color=line.FAINT, flex=2, wrap=False),
            line.words(told.reason, size="sm", flex=6),
            line.words(
                f"{told.points:+,}" if told.points else "0",
                size="sm",
                align="end",
                flex=3,
                wrap=False,
                **({"weight": "bold"} if told.in_balance else {"color": line.FAINT}),
            ),
        ]
    )
    if not told.why:
        return row
    return line.column([row, line.words(told.why, size="xs", color=line.FAINT)])


def _qr(code: str, say_it: RewardWords) -> list[Component]:
    """The QR to show to a friend in the same room. LINE takes pictures by https only: elsewhere there is none."""
    url = qr_image(code)
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


def _share(code: str, say_it: RewardWords) -> str:
    url = invitation_page(code)
    whole = line.share(say_it.share.format(shop=settings.current().shop_name, url=url))
    return whole if len(whole) <= LONGEST_URI else line.share(url)
