"""Testimonials' messages on LINE: from request to consent, withdrawing, and the published ones. Sentences are
in `words.py`."""

from datetime import timedelta

from bot.config import settings
from bot.line import messages as line
from bot.line.messages import Action, Component, Message
from surveys.nps.messages import awaiting, later
from surveys.testimonials.published import PublishedTestimonial
from surveys.testimonials.tables import Consent, Testimonial
from surveys.testimonials.testimonials import LONGEST_NICKNAME
from surveys.testimonials.words import words

LONGEST_SHOWN = 1500
"""Characters of the customer's own words that are repeated to them."""
LONGEST_IN_CARD = 200
MOST_TO_WITHDRAW = 10
PATIENCE = timedelta(hours=3)
"""How long the customer can still send angry words as the testimonial."""


def ask_for_testimonial(points: int) -> Message:
    """The request to write a testimonial, as a card whose button stays tappable."""
    request = words().request.format(points=points) if points else words().request_no_points
    return line.flex(request, line.bubble([line.words(request, size="sm")], [line.button(_write())]))


def ask_for_words(sentence: str) -> Message:
    """A sentence that asks for the testimonial as the next text, with a button to stop."""
    return awaiting(line.text(sentence))


def still_waiting() -> Message:
    """After the answer to what seemed a question: the bot still waits, or a tap sends that text as the
    testimonial."""
    return line.text(words().still_waiting, _testimonial_or_later())


def with_testimonial_button(said: list[Message]) -> list[Message]:
    """The answer to an angry text, with a button that sends the text as the testimonial."""
    return [*said[:-1], line.with_quick_replies(said[-1], _testimonial_or_later())] if said else []


def _testimonial_or_later() -> list[Action]:
    return [line.postback(words().meant_button, "testimonial.meant", words().meant_button), later()]


def ask_for_picture(testimonial_id: int, sentence: str | None = None) -> Message:
    """Ask whether a picture goes with it."""
    say_it = words()
    skip = line.postback(say_it.skip, "testimonial.skip", say_it.skip, t=testimonial_id)
    chips: list[Action] = [
        {"type": "cameraRoll", "label": say_it.choose_picture},
        {"type": "camera", "label": say_it.take_picture},
        skip,
    ]
    return line.text(sentence or say_it.picture_prompt, chips)


def ask_for_consent(
    testimonial_id: int, body: str, points: int, name: str, *, picture: bool = False
) -> Message:
    """The customer's words as written, how each name would be shown, and buttons for the choice."""
    say_it = words()
    template = say_it.consent if points else say_it.consent_no_points
    asked = [template.format(body=line.cut(body, LONGEST_SHOWN), points=points)]
    if picture:
        asked.append(say_it.with_picture)
    buttons = [
        line.button(_consent(say_it.nickname_button, testimonial_id, Consent.NICKNAME), "secondary"),
        line.button(_consent(say_it.anonymous_button, testimonial_id, Consent.ANONYMOUS), "secondary"),
        line.button(_consent(say_it.refuse_button, testimonial_id, Consent.REFUSED), "link"),
    ]
    previews = [(say_it.anonymous_button, say_it.nameless)]
    if name:
        buttons.insert(0, line.button(_consent(say_it.named_button, testimonial_id, Consent.NAMED)))
        previews.insert(0, (say_it.named_button, say_it.who(name)))
    body_parts = [
        line.words("\n".join(asked), size="sm"),
        line.separator(),
        line.words(say_it.names_shown, size="xs", color=line.FAINT),
        *(_preview(label, shown) for label, shown in previews),
    ]
    return line.flex(say_it.names_shown, line.bubble(body_parts, buttons))


def ask_for_nickname(sentence: str) -> Message:
    """A sentence that asks for a nickname as the next text."""
    return awaiting(line.text(sentence.format(longest=LONGEST_NICKNAME)))


def preview(testimonial: Testimonial, nickname: str, points: int) -> Message:
    """The testimonial as the page would show it, with a button to confirm."""
    say_it = words()
    t = testimonial.id
    ok = line.postback(
        say_it.preview_button,
        "testimonial.consent",
        say_it.preview_button,
        t=t,
        c=Consent.NICKNAME,
        n=nickname,
    )
    again = line.postback(say_it.choose_again, "testimonial.choose", say_it.choose_again, t=t)
    parts = [line.words(say_it.preview, size="sm", color=line.FAINT), line.separator()]
    parts += _as_shown(line.cut(testimonial.body, LONGEST_SHOWN), nickname, points)
    if testimonial.picture_message_id:
        parts.append(line.words(say_it.with_picture, size="xs", color=line.FAINT))
    return line.flex(say_it.preview, line.bubble(parts, [line.button(ok), line.button(again, "link")]))


def thanks_for_consent(testimonial_id: int, shown_name: str, points: int, balance: int) -> Message:
    """Thanks for the consent, the points if it earned any, and the button to withdraw."""
    say_it = words()
    template = say_it.consent_thanks if points else say_it.consent_thanks_no_points
    said = template.format(name=say_it.who(shown_name), points=f"{points:,}", balance=f"{balance:,}")
    return line.flex(said, line.bubble([line.words(said, size="sm")], [_withdraw(testimonial_id)]))


def consent_changed(testimonial_id: int, shown_name: str) -> Message:
    """The new way of showing it, and the button to withdraw."""
    said = words().consent_changed.format(name=words().who(shown_name))
    return line.flex(said, line.bubble([line.words(said, size="sm")], [_withdraw(testimonial_id)]))


def ask_which(theirs: list[Testimonial]) -> Message:
    """Several testimonials: ask which to withdraw."""
    say_it = words()
    every = line.postback(say_it.withdraw_all, "testimonial.withdraw", say_it.withdraw_all, t="all")
    cards = [
        line.bubble(
            [line.words(f"「{line.cut(each.body, LONGEST_IN_CARD)}」", size="sm"), _author(each.shown_name)],
            [_withdraw(each.id)],
            size="kilo",
        )
        for each in theirs[:MOST_TO_WITHDRAW]
    ]
    last = line.bubble([line.words(say_it.which, size="sm")], [line.button(every, "secondary")], size="kilo")
    return line.flex(say_it.which, line.carousel([*cards, last]))


def published(shown: list[PublishedTestimonial], points_given: dict[str, int]) -> Message:
    """A few published testimonials, each with the points given for it, and the link to the page."""
    say_it = words()
    cards = []
    for entry in shown:
        body = line.cut(entry.body, LONGEST_IN_CARD)
        parts = _as_shown(body, entry.shown_name, points_given.get(entry.cause, 0))
        more: dict[str, object] = {"size": "kilo"}
        if entry.picture:
            hero = {"size": "full", "aspectRatio": "4:3", "aspectMode": "fit", "backgroundColor": "#F2F5F3"}
            more["hero"] = {"type": "image", "url": _public(entry.picture_path), **hero}
        read_on = line.open_uri(say_it.go_on_reading, _public(f"/voices/{entry.id}"))
        footer = [line.button(read_on, "link")] if body != entry.body else None
        cards.append(line.bubble(parts, footer, **more))
    every = line.button(line.open_uri(say_it.all_voices, _public("/voices")))
    last = line.bubble(
        [line.words(say_it.page_title, weight="bold")],
        [every, line.button(_write(), "secondary")],
        size="kilo",
    )
    return line.flex(say_it.some_voices, line.carousel([*cards, last]))


def none_published() -> Message:
    """Nothing is published yet: invite the customer to write one."""
    sentence = words().nothing_published
    return line.flex(sentence, line.bubble([line.words(sentence, size="sm")], [line.button(_write())]))


def _as_shown(body: str, shown_name: str, points: int) -> list[Component]:
    parts = [line.words(f"「{body}」", size="sm"), _author(shown_name)]
    if disclosed := words().disclosed(points):
        parts.append(line.words(disclosed, size="xs", color=line.FAINT))
    return parts


def _author(shown_name: str) -> Component:
    return line.words(words().who(shown_name), size="sm", weight="bold")


def _preview(label: str, shown: str) -> Component:
    return line.row(
        [
            line.words(label, size="xs", color=line.FAINT, flex=3),
            line.words(shown, size="xs", weight="bold", flex=3),
        ],
        spacing="md",
    )


def _consent(label: str, testimonial_id: int, decision: str) -> Action:
    return line.postback(label, "testimonial.consent", label, t=testimonial_id, c=decision)


def _withdraw(testimonial_id: int) -> Component:
    label = words().withdraw_button
    return line.button(line.postback(label, "testimonial.withdraw", label, t=testimonial_id), "link")


def _write() -> Action:
    return line.postback(words().write_button, "testimonial.write", words().write_button)


def _public(path: str) -> str:
    return settings.current().public_url + path
