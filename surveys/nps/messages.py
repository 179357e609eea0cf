"""How the survey looks on LINE: the question's card, thanks, and the chips below. Words: `words.py`."""

from bot.config import settings
from bot.line import messages as line
from bot.line.messages import Action, Component, Message
from surveys.nps.words import words


def say(sentence: str) -> Message:
    """One of the sentences above, alone."""
    return line.text(sentence)


def awaiting(message: Message) -> Message:
    """The same message, with the way out of an exchange that waits for words."""
    return line.with_quick_replies(message, [later()])


def later() -> Action:
    """The chip that leads out of an exchange."""
    return line.say(words().later_button, "やめる")


def rewritable(said: list[Message]) -> list[Message]:
    """The same messages; the first chip below the last lets the customer replace what they wrote."""
    last = said[-1]
    chips = [item["action"] for item in last["quickReply"]["items"]]
    again = line.say(words().rewrite_button, "書き直す")
    return [*said[:-1], line.with_quick_replies(last, [again, *chips])]


def question(invitation_id: int) -> Message:
    """The one question with its eleven answers. Buttons of a card, which stay tappable after later messages."""
    return _question(invitation_id, words().opening.format(shop=settings.current().shop_name))


def reminder(invitation_id: int) -> Message:
    """The same question, to those who did not answer."""
    return _question(invitation_id, words().reminder)


def question_again(invitation_id: int) -> Message:
    """The same question, to those whose matter staff have taken care of."""
    return _question(invitation_id, words().question_again)


def question_of_eleven(invitation_id: int) -> Message:
    """The same question, to those who wrote a number that is none of its answers."""
    return _question(invitation_id, words().of_eleven)


def _question(invitation_id: int, opening: str) -> Message:
    say_it = words()
    asked = say_it.question.format(shop=settings.current().shop_name)
    ends = line.row(
        [
            line.words(f"0＝{say_it.lowest}", size="xxs", color=line.FAINT, flex=1),
            line.words(f"10＝{say_it.highest}", size="xxs", color=line.FAINT, flex=1, align="end"),
        ],
        margin="lg",
    )
    card = line.bubble(
        [
            line.words(opening, size="sm", color=line.FAINT),
            line.words(asked, weight="bold", size="md"),
            ends,
            line.row([_answer(invitation_id, score) for score in range(6)], spacing="xs"),
            # The empty place keeps the high numbers from being wider, which would suggest them.
            line.row(
                [*(_answer(invitation_id, score) for score in range(6, 11)), line.column([], flex=1)],
                spacing="xs",
            ),
            line.words(say_it.hint, size="xs", color=line.FAINT, align="center"),
        ],
        size="mega",
    )
    return line.flex(asked, card)


def _answer(invitation_id: int, score: int) -> Component:
    """One number, as large as a thumb; all eleven look alike so that none is suggested."""
    return line.column(
        [line.words(str(score), align="center", weight="bold", size="lg", wrap=False)],
        action=line.postback(str(score), "nps.score", f"{score}点", i=invitation_id, s=score),
        height="48px",
        justifyContent="center",
        alignItems="center",
        backgroundColor="#F2F5F3",
        borderColor="#C9D3CE",
        borderWidth="1px",
        cornerRadius="8px",
        flex=1,
    )


def thanks_for_score(template: str, score: int, points: int, balance: int) -> Message:
    """Thanks for the tap and, when it earned, the points."""
    sentence = template.format(score=score)
    if points:
        sentence += "\n\n" + words().earned.format(points=f"{points:,}", balance=f"{balance:,}")
    return line.text(sentence)


def thanks_for_comment(template: str, points: int, balance: int) -> Message:
    """Thanks for the words and, when they earned, the points."""
    if points:
        template += "\n\n" + words().comment_earned.format(points=f"{points:,}", balance=f"{balance:,}")
    return line.text(template)
