"""Reads the stored ranks of many customers, and whose rank changed; `customer_rank.py` changes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.db.value_lists import is_one_of
from rewards.ranks.rules import Rank
from rewards.ranks.tables import CustomerRank, RankChange


def ranks_of(customer_ids: Sequence[int]) -> dict[int, Rank]:
    """The ranks as last reviewed, in one statement; without customers who were never reviewed."""
    theirs = is_one_of(CustomerRank.customer, customer_ids)
    rows: Any = CustomerRank.select(CustomerRank.customer, CustomerRank.rank).where(theirs).tuples()
    return {customer_id: Rank(rank) for customer_id, rank in rows}


def changed_after(position: int, limit: int) -> list[tuple[int, int | None, datetime]]:
    """Changes with a higher id, in its order: each as its id, the customer and when it was."""
    query: Any = RankChange.select(RankChange.id, RankChange.customer, RankChange.changed_at)
    return list(query.where(RankChange.id > position).order_by(RankChange.id).limit(limit).tuples())
