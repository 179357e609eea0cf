"""Sample data of the FAQ: a year of customers' questions, of ratings, and of questions without an entry."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import localtime
from demo.shop.plan.lives import HISTORY
from support.faq import entries, questions_asked
from support.faq.search import FaqVerdict
from support.faq.tables import FaqEntry, FaqVersion

ASKED_COUNT = 260
HELPED, DID_NOT = 0.55, 0.12
"""The shares of answers that customers rate; the others are not rated, as with most people."""
UNANSWERED = (
    ("石けんは赤ちゃんにも使えますか", 9),
    ("赤ちゃんの肌にも使えますか", 6),
    ("赤ちゃんに石けんを使っても平気？", 4),
    ("詰め替え用はありますか", 7),
    ("詰替え用ありますか？", 4),
    ("詰め替えはないですか", 2),
    ("実店舗はありますか？", 5),
    ("お店はどこにありますか", 4),
    ("石けんの香りは何種類ありますか", 3),
    ("香りの種類を教えて", 3),
    ("ふるさと納税の返礼品になっていますか", 2),
    ("手作り体験はやっていますか", 1),
)


def ask(conversation_ids: Sequence[int], now: datetime) -> None:
    """Ask a year of questions as these customers, the same each time. Backdates the FAQ to the shop's beginning."""
    chance = random.Random(14)  # noqa: S311 - a sample
    stock = list(FaqEntry.select().order_by(FaqEntry.id))
    if not stock or not conversation_ids:
        return
    opened_at = now - HISTORY
    FaqEntry.update(created_at=opened_at, changed_at=opened_at).execute()
    FaqVersion.update(changed_at=opened_at).execute()
    for _ in range(ASKED_COUNT):
        entry = stock[min(int(chance.expovariate(1 / 12)), len(stock) - 1)]
        with localtime.fixed(now - timedelta(days=chance.uniform(0, 330))):
            asker = chance.choice(conversation_ids)
            asked_id = questions_asked.record_answered(asker, entry.id)
            drawn = chance.random()
            if drawn < HELPED + DID_NOT:
                questions_asked.settle(asked_id, asker, solved=drawn < HELPED)
    for words, count in UNANSWERED:
        for asker in chance.sample(conversation_ids, min(count, len(conversation_ids))):
            with localtime.fixed(now - timedelta(days=chance.uniform(0, 40))):
                offered = entries.search(words).verdict is FaqVerdict.OFFER_TITLES
                (questions_asked.record_offered if offered else questions_asked.record_unanswered)(
                    asker, words
                )
