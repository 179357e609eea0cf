"""Customers are found by a part of their name, however it is written."""

import pytest

from bot.db.database import execute, write_transaction
from customers.people import customer as customers
from customers.people import customer_names
from customers.people.customer import Customer
from handlers import name_jobs

NAMES = (
    "山﨑 花子",
    "山田太郎",
    "ﾊﾅｺ",
    "はなこママ",
    "Hanako Sato",
    "林",
    "小林 桜",
    "",
    "🌸",
    'O\'Brien "x" OR 山',
)


@pytest.fixture
def people() -> dict[str, int]:
    """Customers of these names, as LINE's profile named them."""
    found = {}
    with write_transaction():
        for place, name in enumerate(NAMES):
            who = customers.get_or_create_by_line_user(f"U{place:032d}")
            customers.learn_profile(who, name)
            found[name] = who.id
    return found


def found(query: str, limit: int = 50, after: int = 0) -> list[str]:
    ids = customer_names.find(customer_names.words_of(query), limit, after)
    return [Customer.get_by_id(each).display_name for each in ids]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("山崎花子", ["山﨑 花子"]),
        ("花子 山崎", ["山﨑 花子"]),
        ("ハナコ", ["ﾊﾅｺ", "はなこママ"]),
        ("はなこ", ["ﾊﾅｺ", "はなこママ"]),
        ("ｈａｎａ", ["Hanako Sato"]),
        ("sato HANAKO", ["Hanako Sato"]),
        ("林", ["林", "小林 桜"]),
        ("山", ["山﨑 花子", "山田太郎", 'O\'Brien "x" OR 山']),
        ('"x" OR', ['O\'Brien "x" OR 山']),
        ("田太", ["山田太郎"]),
        ("太田", []),
        ("🌸", []),
        ("", []),
    ],
)
def test_a_part_of_a_name_is_enough_however_it_is_written(
    people: dict[str, int], query: str, names: list[str]
) -> None:
    assert found(query) == names
    words = customer_names.words_of(query)
    assert customer_names.count(words, 10) == len(names)
    if words:
        listed = Customer.select().where(customer_names.is_named(words)).order_by(Customer.id)
        assert [each.display_name for each in listed] == names


def test_pages_follow_by_customer(people: dict[str, int]) -> None:
    first = customer_names.find(["山"], 2)
    assert first == [people["山﨑 花子"], people["山田太郎"]]
    assert customer_names.find(["山"], 2, first[-1]) == [people[NAMES[-1]]]
    assert customer_names.count(["山"], 2) == 2


def test_a_new_name_takes_the_place_of_the_old_one(people: dict[str, int]) -> None:
    who = Customer.get_by_id(people["山田太郎"])
    with write_transaction():
        customers.learn_profile(who, "鈴木太郎")
    assert found("山田") == []
    assert found("鈴木") == ["鈴木太郎"]
    with write_transaction():
        customers.learn_profile(who, "")
    assert found("鈴木") == []


def test_who_is_gone_is_found_no_more_and_a_new_customer_of_that_number_by_their_own_name() -> None:
    with write_transaction():
        gone = customers.get_or_create_by_line_user("U" + "a" * 32)
        customers.learn_profile(gone, "佐々木")
        Customer.delete().where(Customer.id == gone.id).execute()
        new = customers.get_or_create_by_line_user("U" + "b" * 32)
        customers.learn_profile(new, "高橋")
    assert found("佐々木") == []
    assert found("高橋") == ["高橋"]


def test_names_from_before_the_search_are_folded_in_the_background(people: dict[str, int]) -> None:
    with write_transaction():
        execute("UPDATE customer_name SET folded = '', words = '', folding = 0")
    assert customer_names.has_stale()
    assert found("山田") == []
    assert name_jobs.fold_names() == len([name for name in NAMES if name])
    assert found("山田") == ["山田太郎"]
    assert not customer_names.has_stale()
    assert name_jobs.fold_names() == 0
