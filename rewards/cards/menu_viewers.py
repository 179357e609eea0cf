"""Finds the customers who do not see the rich menu of their rank yet; the clock links it to them."""

from typing import Any

from peewee import JOIN

from bot.conversations import Conversation
from bot.queue.rich_menus import MenuLink
from customers.people.customer import Customer
from rewards.ranks.customer_rank import CustomerRank
from rewards.ranks.rules import Rank


def without_menu(rank: Rank, menu_id: str, limit: int, after: int = 0) -> list[tuple[int, str]]:
    """Chats (id and LINE user) of that rank that were given no menu or another one, by id, above `after`.

    The lowest rank's menu is the default for all: it is given only to those who were given another before.
    """
    other = MenuLink.line_id != menu_id
    wanted = other if rank is Rank.BASIC else (MenuLink.id.is_null() | other)
    rows: Any = (
        CustomerRank.select(Conversation.id, Conversation.line_user_id)
        .join(Customer)
        .join(Conversation)
        .join(MenuLink, JOIN.LEFT_OUTER, on=(MenuLink.conversation == Conversation.id))
        .where(CustomerRank.rank == int(rank), Conversation.line_user_id.is_null(False), wanted)
        .where(Customer.blocked_at.is_null(), Conversation.id > after)
        .order_by(Conversation.id)
        .limit(limit)
        .tuples()
    )
    return [(int(chat), str(user_id)) for chat, user_id in rows]
