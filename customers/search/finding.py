"""Finds customers by whatever staff typed into one field: order number, customer number, LINE user id, the number the
console shows, a tag, or a part of the name. Parts of names are searched by `customers/people/customer_names.py`.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from customers.orders import buyers, purchases, reversals
from customers.people import customer as customers
from customers.people import customer_names, customer_tags
from customers.people.customer import Customer

LONGEST_QUERY = 100
HIGHEST_ID = 2**31 - 1
_NUMBER = re.compile(r"#?([0-9]{1,10})")


class FoundBy(StrEnum):
    """What of a customer is exactly what was typed."""

    ORDER = "order"
    CUSTOMER_NUMBER = "customer-number"
    LINE_USER = "line-user"
    ID = "id"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Found:
    """A customer, or an order or buyer that is linked to nobody on LINE yet."""

    by: FoundBy
    customer: Customer | None


def exact(query: str, most_tagged: int) -> list[Found]:
    """Those of whom something is what was typed; of those with a tag of that name the first ones."""
    typed = query.strip()
    plain = unicodedata.normalize("NFKC", typed).strip()
    spellings = list(dict.fromkeys(each for each in (typed, plain, plain.upper(), plain.lower()) if each))
    found: list[Found] = []
    for each in spellings:
        if order := purchases.find(reversals.number_of(each)):
            found.append(Found(FoundBy.ORDER, order.customer))
            break
    for each in spellings:
        if buyer := buyers.by_customer_number(each):
            found.append(Found(FoundBy.CUSTOMER_NUMBER, buyer.customer))
            break
    if who := next(filter(None, map(customers.find_by_line_user, spellings)), None):
        found.append(Found(FoundBy.LINE_USER, who))
    number = _NUMBER.fullmatch(plain)
    if (
        number
        and int(number[1]) <= HIGHEST_ID
        and (who := Customer.get_or_none(Customer.id == int(number[1])))
    ):
        found.append(Found(FoundBy.ID, who))
    tagged = customer_tags.customers_with(typed, most_tagged) if typed else []
    found += [Found(FoundBy.TAG, each) for each in by_ids(tagged)]
    return found


def likely(query: str, limit: int) -> list[Customer]:
    """The first customers that were probably meant: exactly found ones, then those with that in their name."""
    found = [each.customer for each in exact(query, limit) if each.customer]
    named = by_ids(customer_names.find(customer_names.words_of(query), limit))
    return list({each.id: each for each in (*found, *named)}.values())[:limit]


def by_ids(customer_ids: list[int]) -> list[Customer]:
    """The customers of these ids, in their order."""
    rows = {each.id: each for each in Customer.select().where(Customer.id.in_(customer_ids))}
    return [rows[each] for each in customer_ids if each in rows]
