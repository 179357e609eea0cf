"""The satisfaction question's messages on LINE. Sentences are in `words.py`.

Postbacks: `csat.score` t (the ticket) and s; `csat.again` and `csat.done` t.
"""

from bot.line import messages as line
from bot.line.messages import Action, Message
from support.satisfaction.ratings import SATISFIED_FROM
from support.satisfaction.words import words


def question(ticket_id: int) -> Message:
    """The question with its five answers, the best first; a card, whose buttons stay tappable after later
    messages."""
    answers = [
        line.button(line.postback(label, "csat.score", label, t=ticket_id, s=score), "secondary")
        for score, label in sorted(_labels().items(), reverse=True)
    ]
    return line.flex(words().question, line.bubble([line.words(words().question)], answers))


def thanks(ticket_id: int, score: int) -> Message:
    """The choice repeated, and the request for a comment."""
    chosen = _labels()[score]
    sentence = words().thanks if score >= SATISFIED_FROM else words().sorry
    done = words().no_comment_button
    chips = [line.postback(done, "csat.done", done, t=ticket_id), change(ticket_id)]
    return line.text(sentence.format(chosen=chosen), chips)


def change(ticket_id: int) -> Action:
    """The button that shows the five answers again."""
    again = words().change_button
    return line.postback(again, "csat.again", again, t=ticket_id)


def label(score: int) -> str:
    """The name of that choice."""
    return _labels()[score]


def _labels() -> dict[int, str]:
    said = words()
    return {5: said.best, 4: said.good, 3: said.middle, 2: said.poor, 1: said.worst}
