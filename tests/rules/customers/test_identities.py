"""Customer numbers, addresses and telephone numbers as shop systems write them: one buyer, guests, or refused."""

import pytest

from customers.values import identities
from customers.values.parsing import BadValue


@pytest.mark.parametrize(
    "written",
    [
        "hana@example.jp",
        "Hana@Example.JP",
        "hana@example.jp\u200b",
        "\ufeffhana@example.jp",
        "ha\u00adna@exam\u2060ple.jp",
        "\u202ahana@example.jp\u202c",
        "mailto:hana@example.jp",
        "MAILTO:hana@example.jp",
        "ｈａｎａ＠ｅｘａｍｐｌｅ．ｊｐ",
        "hana@example.jp.",
        "hana@example.jp;",
        "'hana@example.jp",
        "<hana@example.jp>",
        "山田 花子 <hana@example.jp>",
        "\u3000hana@example.jp\u00a0",
    ],
)
def test_one_address_is_one_buyer(written: str) -> None:
    assert identities.email(written) == "hana@example.jp"


@pytest.mark.parametrize(
    "written", ["hana", "hana@", "a@b@example.jp", "hana@example.jp,taro@example.jp", "なし", "-"]
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(BadValue):
        identities.email(written)


@pytest.mark.parametrize(
    "written",
    [
        "09012345678",
        "090-1234-5678",
        "'09012345678",
        "'+81 90-1234-5678",
        "+81 (0)90-1234-5678",
        "＋８１９０１２３４５６７８",
        "0081 90 1234 5678",
        "010-81-90-1234-5678",
        "tel:090-1234-5678",
        "090\u200b12345678",
        "090‐1234‑5678",
    ],
)
def test_one_telephone_is_one_buyer(written: str) -> None:
    assert identities.phone(written) == "09012345678"


@pytest.mark.parametrize("written", ["9012345678", "312345678", "90-1234-5678", "9012345678.0"])
def test_a_telephone_without_its_zero_is_not_guessed_at(written: str) -> None:
    with pytest.raises(BadValue) as refused:
        identities.phone(written)
    assert refused.value.code == "phone_without_zero"


@pytest.mark.parametrize(
    "written", ["0901234567890", "03-1234-5678 内線12", "090-1234-5678/03-1234-5678", "9.01E+09", "なし"]
)
def test_what_is_no_telephone_is_refused(written: str) -> None:
    with pytest.raises(BadValue) as refused:
        identities.phone(written)
    assert refused.value.code == "bad_phone"


def test_a_foreign_telephone_keeps_its_country() -> None:
    assert identities.phone("+1 415 555 0123") == identities.phone("14155550123") == "+14155550123"


@pytest.mark.parametrize(
    "written",
    [
        *(
            "0",
            "00",
            "000000",
            "0.0",
            "０",
            "-",
            "--",
            "ー",
            "—",
            "*",
            "-1",
            "",
            "N/A",
            "n/a",
            "#N/A",
            "NULL",
            "null",
            "None",
        ),
        *("nan", "undefined", "guest", "GUEST", "Guest User", "guest_checkout", "non-member", "Anonymous"),
        *(
            "ゲスト",
            "ｹﾞｽﾄ",
            "ゲスト様",
            "ゲスト購入",
            "（ゲスト）",
            "非会員",
            "非会員様",
            "未登録",
            "なし",
            "（なし）",
            "無し",
            "不明",
        ),
        *("ゲスト（非会員）", "退会済み", "ゲスト\u200b"),
    ],
)
def test_what_systems_write_for_guests_names_nobody(written: str) -> None:
    assert identities.is_guest_number(identities.number(written))


@pytest.mark.parametrize(
    "written", ["1", "10", "C-1", "C-0001", "207119551", "guest-1001", "G0", "hana", "100000"]
)
def test_a_number_of_a_member_is_one(written: str) -> None:
    assert not identities.is_guest_number(identities.number(written))


def test_the_shops_own_guest_numbers_are_compared_by_their_letters_and_digits() -> None:
    own = {identities.number_key("G-9999")}
    assert identities.is_guest_number("ｇ９９９９", own) and not identities.is_guest_number("G-9998", own)


@pytest.mark.parametrize(
    ("first", "second"),
    [("Ａ－１００１", "A-1001"), ("A‐1001", "A−1001"), ("'1001", "1001"), ("A-1\u200b", " A-1")],
)
def test_an_order_number_is_one_however_it_is_typed(first: str, second: str) -> None:
    assert identities.number(first) == identities.number(second)


def test_addresses_and_telephones_that_had_to_stand_there() -> None:
    assert all(
        map(
            identities.is_nobodys_email,
            ("noreply@shop.jp", "no-reply@a.jp", "guest@a.jp", "Guest+1@a.jp".lower()),
        )
    )
    assert all(
        map(
            identities.is_nobodys_phone,
            ("0000000000", "00000000000", "11111111111", "09000000000", "0300000000"),
        )
    )
    assert not identities.is_nobodys_email("hana@example.jp") and not identities.is_nobodys_phone(
        "09012345678"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ref.owner@gmail.com", "refowner+2@googlemail.com"),
        ("r.e.f.owner@gmail.com", "refowner@gmail.com"),
        ("hana@outlook.jp", "hana+shop@outlook.jp"),
        ("hana@icloud.com", "hana+a@me.com"),
        ("hana@example.jp", "hana+friend@example.jp"),
        ("hana@yahoo.co.jp", "hana-sub@yahoo.co.jp"),
        ("hana.y@proton.me", "hanay@protonmail.com"),
    ],
)
def test_aliases_lead_to_one_mailbox(first: str, second: str) -> None:
    assert identities.mailbox(first) == identities.mailbox(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("hana.yamada@example.jp", "hanayamada@example.jp"),
        ("hana-yamada@example.jp", "hana@example.jp"),
        ("hana@gmail.com", "hana@example.jp"),
        ("+hana@example.jp", "+taro@example.jp"),
        ("-a@yahoo.co.jp", "-b@yahoo.co.jp"),
    ],
)
def test_other_people_keep_their_own_mailbox(first: str, second: str) -> None:
    assert identities.mailbox(first) != identities.mailbox(second)
