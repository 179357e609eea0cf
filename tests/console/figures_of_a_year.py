"""Builds a year of answers, ranks, purchases and referrals, so that the owner's pages have data."""

import random
from datetime import timedelta
from typing import Any

from bot import localtime
from bot.db.database import write_transaction
from customers.orders.purchases import Product, Purchase, PurchaseItem
from customers.people.customer import Customer
from rewards.ranks.customer_rank import CustomerRank
from rewards.ranks.rules import Rank
from rewards.referrals.tables import ReferralCode
from surveys.nps.answers import SurveyAnswer
from surveys.nps.invitations import SurveyInvitation
from surveys.nps.segments import segment_of

FAMILIES, GIVEN = (
    ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤"],
    ["花子", "健", "さくら", "大輔", "結衣", "誠", "美咲"],
)

PRODUCTS = (("HD-101", "はちみつ石けん"), ("HD-102", "ゆずの化粧水"), ("HD-103", "米ぬかクリーム"))
WORDS = (
    "香りがやさしくて、毎日楽しみです",
    "よかったけど、送料がちょっと気になりました",
    "届くまでに10日かかりました。\n箱もつぶれていて残念です",
)


def build(count: int = 300, seed: int = 5) -> None:
    """That many customers: each bought, most were asked, half answered, some referred friends."""
    dice, now = random.Random(seed), localtime.now()
    today = localtime.today()
    customers, purchases, items, invitations, answers, rank_rows, codes = [], [], [], [], [], [], []
    for number in range(1, count + 1):
        key = 10_000 + number
        bought = [today - timedelta(days=dice.randrange(360)) for _ in range(dice.choice((1, 1, 1, 2, 3)))]
        yen = [dice.randrange(2_000, 12_000) for _ in bought]
        customers.append(
            {
                "id": key,
                "line_user_id": f"U{key:032x}",
                "display_name": f"{dice.choice(FAMILIES)} {dice.choice(GIVEN)}",
                "first_seen_at": now,
                "purchase_count": len(bought),
                "sales_yen": sum(yen),
                "first_purchased_on": min(bought),
                "last_purchased_on": max(bought),
            }
        )
        purchases += [
            {
                "id": key * 10 + place,
                "source": "csv",
                "order_number": f"{key}-{place}",
                "customer": key,
                "ordered_at": now,
                "ordered_on": day,
                "total_yen": price,
                "recorded_at": now,
            }
            for place, (day, price) in enumerate(zip(bought, yen, strict=True))
        ]
        sku, name = dice.choice(PRODUCTS)
        items.append({"purchase": key * 10, "sku": sku, "name": name})
        at = now - timedelta(days=dice.randrange(330) * dice.random())
        if dice.random() < 0.9:
            cause = {"cause": f"purchase:{key * 10}", "purchase": key * 10}
            invitations.append({"id": key, "customer": key, "asked_at": at, **cause})
            if dice.random() < 0.6:
                score = dice.choice((10, 10, 9, 9, 9, 8, 8, 7, 7, 6, 5, 3, 0))
                answers.append(
                    {
                        "invitation": key,
                        "customer": key,
                        "score": score,
                        "segment": segment_of(score),
                        "answered_at": at,
                        "answered_on": localtime.local_date(at),
                        "comment": dice.choice(("", "", *WORDS)),
                    }
                )
        axes = {name: dice.randrange(80) for name in ("money", "behaviour", "relationship")}
        rank = dice.choice([Rank.BASIC] * 8 + [Rank.ACTIVE] * 5 + [Rank.PREMIUM] * 2 + [Rank.AMBASSADOR])
        rank_rows.append(
            {"customer": key, "rank": rank, "since": now, "reviewed_at": now, "rule_version": "1", **axes}
        )
        if dice.random() < 0.3:
            joined = dice.randrange(4)
            codes.append(
                {
                    "customer": key,
                    "code": f"G{number:05d}",
                    "made_at": now,
                    "invited_count": joined + dice.randrange(3) + 1,
                    "joined_count": joined,
                    "bought_count": dice.randrange(joined + 1),
                }
            )
    products = [{"sku": sku, "name": name} for sku, name in PRODUCTS]
    rows: tuple[list[Any], ...] = (
        products,
        customers,
        purchases,
        items,
        invitations,
        answers,
        rank_rows,
        codes,
    )
    models = (
        *(Product, Customer, Purchase, PurchaseItem),
        *(SurveyInvitation, SurveyAnswer, CustomerRank, ReferralCode),
    )
    with write_transaction():
        for model, some in zip(models, rows, strict=True):
            for start in range(0, len(some), 500):
                model.insert_many(some[start : start + 500]).execute()
