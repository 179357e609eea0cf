"""The survey's messages on LINE: the card with the question, thanks, and the buttons below. Sentences are in
`words.py`."""

from bot.config import settings
from bot.line import messages as line
from bot.line.messages import Action, Component, Message
from surveys.nps.words import words


def say(sentence: str) -> Message:
    """A text message of one sentence."""
    return line.text(sentence)


def awaiting(message: Message) -> Message:
    """The same message with a button that ends the exchange which waits for a comment."""
    return line.with_quick_replies(message, [later()])


def later() -> Action:
    """The button that ends the exchange."""
    return line.say(words().later_button, "やめる")


def rewritable(said: list[Message]) -> list[Message]:
    """The same messages; the first button below the last lets the customer replace the comment."""
    last = said[-1]
    chips = [item["action"] for item in last["quickReply"]["items"]]
    again = line.say(words().rewrite_button, "書き直す")
    return [*said[:-1], line.with_quick_replies(last, [again, *chips])]


def question(invitation_id: int) -> Message:
    """The question with its eleven answers, as buttons of a card, which stay tappable after later messages."""
    return _question(invitation_id, words().opening.format(shop=settings.current().shop_name))


def reminder(invitation_id: int) -> Message:
    """The same question, for customers who did not answer."""
    return _question(invitation_id, words().reminder)


def question_again(invitation_id: int) -> Message:
    """The same question, for customers whose ticket was resolved."""
    return _question(invitation_id, words().question_again)


def question_of_eleven(invitation_id: int) -> Message:
    """The same question, for customers who wrote a number that is not one of the eleven answers."""
    return _question(invitation_id, words().of_eleven)


def _question(invitation_id: int, opening: str) -> Message:
    say_it = words()
    asked = say_it.question.format(shop=settings.current().shop_name)
    card = line.bubble(
        [
            line.words(opening, size="sm", color=line.FAINT),
            line.words(asked, weight="bold", size="md"),
            line.words(f"0＝{say_it.lowest}", size="sm", margin="lg"),
            line.row([_answer(invitation_id, score) for score in range(6)], spacing="xs"),
            # Half a column on both sides keeps the high numbers as wide as the others, so that none is suggested.
            line.row(
                [
                    line.column([], flex=1),
                    *(_answer(invitation_id, score) for score in range(6, 11)),
                    line.column([], flex=1),
                ],
                spacing="xs",
            ),
            line.words(f"10＝{say_it.highest}", size="sm", align="end"),
            line.words(say_it.hint, size="xs", color=line.FAINT, align="center"),
        ],
        size="mega",
    )
    return line.flex(asked, card)


def _answer(invitation_id: int, score: int) -> Component:
    """One number, large enough to tap; all eleven look the same, so that none is suggested."""
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
        flex=2,
    )


def thanks_for_score(template: str, score: int, points: int, balance: int) -> Message:
    """Thanks for the score and, when it earned some, the points."""
    sentence = template.format(score=score)
    if points:
        sentence += "\n\n" + words().earned.format(points=f"{points:,}", balance=f"{balance:,}")
    return line.text(sentence)


def thanks_for_comment(template: str, points: int, balance: int) -> Message:
    """Thanks for the comment and, when it earned some, the points."""
    if points:
        template += "\n\n" + words().comment_earned.format(points=f"{points:,}", balance=f"{balance:,}")
    return line.text(template)
