"""Stores which tags staff gave to which answers. What a valid tag is, and which are suggested, is in
`surveys/nps/tagging.py`."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import peewee

from bot.db import erasure
from bot.db.database import Model, insert_once, require_transaction
from surveys.nps.answers import SurveyAnswer
from surveys.nps.tagging import LONGEST_TAG

MOST_KNOWN = 200


class AnswerTag(Model):
    """One tag of one answer."""

    answer = peewee.ForeignKeyField(SurveyAnswer, on_delete="CASCADE", index=False, backref="+")
    answer_id: int
    tag = peewee.CharField(LONGEST_TAG)

    class Meta:
        table_name = "answer_tag"
        indexes = ((("answer", "tag"), True), (("tag", "answer"), False))


def put(answer_id: int, tag: str) -> bool:
    """Give the answer that tag. False when it has it already."""
    require_transaction()
    return insert_once(AnswerTag, answer=answer_id, tag=tag) is not None


def take(answer_id: int, tag: str) -> bool:
    """Remove the tag from the answer. False when it did not have it."""
    require_transaction()
    gone = AnswerTag.delete().where(AnswerTag.answer == answer_id, AnswerTag.tag == tag).execute()
    return bool(gone == 1)


def of_answers(answer_ids: Sequence[int]) -> dict[int, list[str]]:
    """The tags of each of these answers, in the order in which they were given."""
    rows: Any = AnswerTag.select(AnswerTag.answer, AnswerTag.tag).where(
        AnswerTag.answer.in_(list(answer_ids))
    )
    found: dict[int, list[str]] = defaultdict(list)
    for answer_id, tag in rows.order_by(AnswerTag.id).tuples():
        found[answer_id].append(tag)
    return found


def counted() -> list[tuple[str, int]]:
    """The tags in use and how many answers have each, the most used first, at most MOST_KNOWN."""
    count = peewee.fn.COUNT(AnswerTag.id)
    rows: Any = AnswerTag.select(AnswerTag.tag, count).group_by(AnswerTag.tag)
    return list(rows.order_by(count.desc(), AnswerTag.tag).limit(MOST_KNOWN).tuples())


erasure.deleted(
    AnswerTag,
    lambda who: AnswerTag.answer.in_(
        SurveyAnswer.select(SurveyAnswer.id).where(SurveyAnswer.customer == who.customer_id)
    ),
)
