"""Carriers by their spellings, tracking numbers and pages: a table of what is written and what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.line import message_limits
from customers.orders import carriers
from customers.orders.carriers import CARRIERS
from customers.values.parsing import BadValue

WRITTEN = {
    "ヤマト運輸": "yamato",
    "ヤマト": "yamato",
    "ﾔﾏﾄ運輸（株）": "yamato",
    "ヤマト運輸株式会社": "yamato",
    "クロネコヤマト": "yamato",
    "クロネコヤマトの宅急便": "クロネコヤマトの宅急便",
    "宅急便": "yamato",
    "クール宅急便": "yamato",
    "ネコポス": "yamato",
    "クロネコゆうパケット": "yamato",
    "ヤマト運輸 宅急便コンパクト": "yamato",
    "ヤマト運輸（クール便）": "yamato",
    "YAMATO": "yamato",
    "Yamato (JA)": "yamato",
    "Yamato Transport Co., Ltd.": "yamato",
    "佐川急便": "sagawa",
    "佐川": "sagawa",
    "飛脚宅配便": "sagawa",
    "Sagawa (EN)": "sagawa",
    "sagawa-express": "sagawa",
    "日本郵便": "japanpost",
    "日本郵便（ゆうパック）": "japanpost",
    "ゆうパック": "japanpost",
    "ゆうパケット": "japanpost",
    "クリックポスト": "japanpost",
    "レターパックプラス": "japanpost",
    "郵便局": "japanpost",
    "Japan Post (JA)": "japanpost",
    "EMS": "japanpost",
    "西濃運輸": "seino",
    "セイノー運輸": "seino",
    "カンガルー便": "seino",
    "福山通運": "fukutsu",
    "福通": "fukutsu",
    "トナミ運輸": "tonami",
    "日通": "nittsu",
    "名鉄運輸": "meitetsu",
    "自社便": "own",
    # Not in the table: stored as written, in one form.
    "ヤマト運輸以外": "ヤマト運輸以外",
    "みどり便": "みどり便",
    "ＭＩＤＯＲＩ　急便": "midori急便",
    "DHL Express": "dhlexpress",
    "宅配便": "宅配便",
    "": "",
    "―": "",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_carrier_is_known_by_its_spellings(written: str) -> None:
    assert carriers.key_of(written) == WRITTEN[written]


def test_every_spelling_leads_to_its_own_carrier() -> None:
    for carrier in CARRIERS:
        for name in (carrier.key, carrier.name, *filter(None, carrier.spellings.split("、"))):
            assert carriers.find(name) is carrier, name


NUMBERS = {
    "472575516733": "472575516733",
    "4725-7551-6733": "472575516733",
    "４７２５ ７５５１ ６７３３": "472575516733",
    "4725ー7551ー6733": None,
    "4725－7551－6733": "472575516733",
    "ej 123 456 789 jp": "EJ123456789JP",
    "-": "",
    "なし": "",
    "0": "",
    " ": "",
    "4.72576E+11": None,
    "123": None,
    "お問い合わせください": None,
    "1" * 41: None,
    "1" * 2000: None,
}


@pytest.mark.parametrize("written", NUMBERS)
def test_a_tracking_number_is_read(written: str) -> None:
    expected = NUMBERS[written]
    if expected is None:
        with pytest.raises(BadValue):
            carriers.tracking_number(written)
    else:
        assert carriers.tracking_number(written) == expected


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("yamato", "https://member.kms.kuronekoyamato.co.jp/parcel/detail?pno=472575516733"),
        ("sagawa", "https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo=472575516733"),
        (
            "japanpost",
            "https://trackings.post.japanpost.jp/services/srv/search/direct?locale=ja&reqCodeNo1=472575516733",
        ),
        ("seino", "https://track.seino.co.jp/cgi-bin/gnpquery.pgm?GNPNO1=472575516733"),
        ("fukutsu", "https://corp.fukutsu.co.jp/situation/tracking_no_hunt/472575516733"),
        ("nittsu", None),
        ("みどり便", None),
        ("", None),
    ],
)
def test_a_known_carrier_has_a_tracking_page(key: str, address: str | None) -> None:
    assert carriers.tracking_address(key, "472575516733") == address
    assert carriers.tracking_address(key, "") is None, "no page without a number"
    given_page = "https://track.example.jp/1"
    assert carriers.tracking_address(key, "472575516733", given_page) == given_page


@pytest.mark.parametrize(
    ("written", "is_good"),
    [
        ("https://track.example.jp/a?n=1&m=%E3%81%82", True),
        (" https://track.example.jp:8443/a ", True),
        ("http://track.example.jp/a", False),
        ("javascript:alert(1)", False),
        ("https://user:secret@track.example.jp/", False),
        ("https://localhost/", False),
        ("https://127.0.0.1/", False),
        ("https://[::1]/", False),
        ("https://track.example.jp:99999/", False),
        ("https://track.example.jp/追跡", False),
        ("https://track.example.jp/a b", False),
        ("https://track.example.jp/%zz", False),
        ("https://track.example.jp/" + "a" * 1000, False),
        ("https://", False),
        ("", False),
    ],
)
def test_a_given_page_is_https_and_whole(written: str, is_good: bool) -> None:
    if is_good:
        assert carriers.web_address(written) == written.strip()
        return
    with pytest.raises(BadValue):
        carriers.web_address(written)


@given(st.text(max_size=200))
def test_whatever_is_written_is_read_or_refused(written: str) -> None:
    assert len(carriers.key_of(written)) <= carriers.LONGEST_NAME
    for reader in (carriers.tracking_number, carriers.web_address):
        try:
            read = reader(written)
        except BadValue:
            continue
        assert reader(read) == read if read else True
        assert len(read) <= message_limits.URI


def test_numbers_are_shown_as_carriers_print_them() -> None:
    assert carriers.shown_number("472575516733") == "4725-7551-6733"
    assert carriers.shown_number("EJ123456789JP") == "EJ123456789JP"
