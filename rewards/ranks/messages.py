"""Builds the messages about ranks: the card, a rise, a coming fall, perks. Sentences: `words.py`."""

from datetime import date

from bot import localtime
from bot.config import shop
from bot.line import messages as line
from bot.line.messages import Action, Component, Message
from rewards.drawing import card_parts
from rewards.ranks import bars
from rewards.ranks import pages as rank_pages
from rewards.ranks.colours import COLOUR
from rewards.ranks.customer_rank import AtRisk, RankOffer, RankSnapshot
from rewards.ranks.page_settings import RankPages
from rewards.ranks.rules import NextAction, Rank, Step
from rewards.ranks.settings import RankSection
from rewards.ranks.words import RankWords, words


def rank(snapshot: RankSnapshot, offer: RankOffer, do_it: Action | None = None) -> Message:
    """The rank card: three bars with what counts for each, and the next step up.

    `do_it` is the button for that step where this module has none (`handlers/` pass the one for a
    testimonial).
    """
    say_it = words()
    body: list[Component] = [*bars.axes(snapshot.axes, snapshot.facts, say_it), line.separator()]
    body += _next(offer, say_it)
    button = do_it or _button_for(offer.action)
    card = line.bubble(
        body,
        [
            *([line.button(button)] if button else []),
            line.button(line.say("特典を見る", "特典"), "secondary"),
        ],
        header=card_parts.header(say_it.rank_title, snapshot.rank.ja, "", COLOUR[snapshot.rank]),
    )
    return line.flex(f"{say_it.rank_title}：{snapshot.rank.ja}", card)


def rank_up(rank: Rank, held_until: date | None) -> Message:
    """Congratulations on a rise: until when the rank stays at least, and its perk."""
    say_it = words()
    sentences = [say_it.rank_up.format(rank=rank.ja)]
    if held_until is not None:
        sentences.append(say_it.rank_up_lasts.format(rank=rank.ja, until=localtime.in_words(held_until)))
    card = line.bubble(
        [
            line.words("\n".join(sentences), size="sm"),
            card_parts.panel(
                [
                    line.words(say_it.rank_up_brings, size="xs", color=line.FAINT),
                    line.words(shop.get(RankSection).perk(rank), size="sm", weight="bold"),
                ]
            ),
        ],
        [line.button(line.say("ランクを見る", "ランク"), "secondary")],
        header=card_parts.header(say_it.rank_up_title, rank.ja, "", COLOUR[rank]),
    )
    return line.flex(f"{say_it.rank_up_title} {rank.ja}", card)


def perks(customer_id: int, snapshot: RankSnapshot, offer: RankOffer) -> Message:
    """The rank's perk, the link to its page, and the perk of the next rank."""
    say_it, section = words(), shop.get(RankSection)
    body: list[Component] = [line.words(section.perk(snapshot.rank), size="sm", weight="bold")]
    pages = rank_pages.pages_up_to(snapshot.rank)
    buttons = [line.say("クーポンを見る", "クーポン"), line.say("ランクを見る", "ランク")]
    if pages:
        days = shop.get(RankPages).link_days
        body.append(line.words(say_it.perks_days.format(days=days), size="xs", color=line.FAINT))
        buttons.insert(0, line.open_uri(say_it.perks_open, rank_pages.link(customer_id, pages[0])))
    if offer.action is not None:
        higher = offer.action.rank
        body += [
            card_parts.panel(
                [
                    line.words(say_it.perks_next.format(rank=higher.ja), size="xs", color=line.FAINT),
                    line.words(section.perk(higher), size="sm"),
                ]
            ),
            *_next(offer, say_it),
        ]
    title = say_it.perks_title.format(rank=snapshot.rank.ja)
    footer = [line.button(each, "secondary" if place else "primary") for place, each in enumerate(buttons)]
    return line.flex(
        title,
        line.bubble(body, footer, header=card_parts.header("", title, "", COLOUR[snapshot.rank], size="lg")),
    )


def fall_warned(risk: AtRisk, do_it: Action | None = None) -> Message:
    """The warning before a fall: until when the rank stays, and the step that keeps it."""
    say_it = words()
    day = localtime.in_words(risk.falls_on)
    body: list[Component] = [
        line.words(say_it.fall_warned.format(rank=risk.rank.ja, falls_on=day), size="sm"),
        *_keeping(risk, say_it),
        line.words(say_it.fall_otherwise, size="xs", color=line.FAINT, margin="lg"),
    ]
    button = do_it or _button_for(risk.keeping_action) or line.say("ランクを見る", "ランク")
    card = line.bubble(
        body,
        [line.button(button)],
        header=card_parts.header(say_it.fall_warned_title, risk.rank.ja, "", COLOUR[risk.rank]),
    )
    return line.flex(say_it.fall_warned.format(rank=risk.rank.ja, falls_on=day), card)


def _keeping(risk: AtRisk, say_it: RankWords) -> list[Component]:
    action = risk.keeping_action
    if action is None:
        return []
    lines = [
        line.words(say_it.fall_kept_by.format(rank=risk.rank.ja), size="xs", color=line.FAINT),
        line.words(say_it.next_step(action.kind, action.count, action.yen), size="md", weight="bold"),
    ]
    if action.also:
        rest = "・".join(say_it.next_step(step.kind, step.count, step.yen) for step in action.also)
        lines.append(line.words(say_it.fall_also.format(steps=rest, rank=risk.rank.ja), size="xs"))
    return [card_parts.panel(lines)]


def next_step(offer: RankOffer) -> list[Component]:
    """The step that leads to the next rank, as part of another card; nothing where there is none."""
    return _next(offer, words()) if offer.action is not None else []


def _next(offer: RankOffer, say_it: RankWords) -> list[Component]:
    action = offer.action
    if action is None:
        return [line.words(say_it.highest if offer.is_top else say_it.nothing_next, size="sm")]
    title = (say_it.way_to if action.also else say_it.almost).format(rank=action.rank.ja)
    lines = [
        line.words(title, size="xs", color=line.FAINT),
        line.words(say_it.next_step(action.kind, action.count, action.yen), size="md", weight="bold"),
    ]
    if action.also:
        rest = "・".join(say_it.next_step(step.kind, step.count, step.yen) for step in action.also)
        lines.append(line.words(say_it.also.format(steps=rest, rank=action.rank.ja), size="xs"))
    until, months = localtime.in_words(offer.until), shop.get(RankSection).qualifying_months
    lines.append(
        line.words(say_it.next_until.format(until=until, months=months), size="xs", color=line.FAINT)
    )
    return [card_parts.panel(lines)]


def _button_for(action: NextAction | None) -> Action | None:
    match action.kind if action else None:
        case Step.SURVEY_ANSWER | Step.OPINION:
            return line.say("アンケートに答える", "アンケート")
        case Step.REFERRAL:
            return line.say("お友達を紹介する", "紹介")
        case _:
            return None
