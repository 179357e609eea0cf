"""Columns of order CSVs by EC-CUBE, futureshop and BASE, and columns described in shop.toml."""

from pathlib import Path

import pytest

from customers.csv.columns import read_header
from customers.csv.orders import BadRow, GoodOrder, OrderFile, UnfinishedOrder
from customers.csv.presets import PRESETS, AddressColumns, ColumnMap
from customers.csv.records import UnreadableFile
from customers.csv.settings import OrderColumns

EC_CUBE = """注文ID,注文番号,会員ID,お名前(姓),お名前(名),メールアドレス,TEL,小計,値引き,送料,税金,合計,支払合計,対応状況(ID),対応状況(名称),注文日,商品名,商品コード,価格,個数,明細区分(ID),明細区分(名称)
7,E-7,12,山田,花子,hanako@example.jp,09012345678,2400,0,500,0,2900,2800,5,発送済み,2026-01-05 13:20:00,ほうじ茶,TEA-50,1200,2,1,商品
7,E-7,12,山田,花子,hanako@example.jp,09012345678,2400,0,500,0,2900,2800,5,発送済み,2026-01-05 13:20:00,送料,,500,1,2,送料
8,E-8,12,山田,花子,hanako@example.jp,09012345678,2400,0,500,0,2900,2900,3,注文取消し,2026-01-06 10:00:00,ほうじ茶,TEA-50,1200,2,1,商品
9,E-9,12,山田,花子,hanako@example.jp,09012345678,2400,0,500,0,2900,2900,8,購入処理中,2026-01-06 11:00:00,ほうじ茶,TEA-50,1200,2,1,商品
"""  # noqa: E501 — headers as the systems write them
FUTURESHOP = """受注コード,注文日時,請求合計金額,総合計金額,商品合計金額,氏名(姓),メールアドレス(メイン),電話番号(メイン),会員番号,処理状況区分,商品番号,商品名,販売単価,購入数量
F-1,2026/01/05 13:20:00,2800,2900,2400,山田,hanako@example.jp,090-1234-5678,M-1,処理済,TEA-50,ほうじ茶,1200,2
F-2,2026/01/06 09:00:00,2900,2900,2400,山田,hanako@example.jp,090-1234-5678,M-1,注文取消,TEA-50,ほうじ茶,1200,2
"""  # noqa: E501 — headers as the systems write them
BASE = """注文ID,注文日時,氏(請求先),名(請求先),電話番号(請求先),メールアドレス(請求先),備考,商品名,バリエーション,価格,税率,数量,合計金額,送料,支払い方法,代引き手数料,発送状況,商品ID,種類ID,購入元,調整金額
154D88A39E454289,2026-01-05 13:20:00,山田,花子,09012345678,hanako@example.jp,,ほうじ茶,50g,1200,8,2,2400,500,creditcard,0,発送済み,11,,,-100
154D88A39E454289,2026-01-05 13:20:00,山田,花子,09012345678,hanako@example.jp,,最中,,300,8,1,300,500,creditcard,0,未発送,12,,,-100
254D88A39E454289,2026-01-06 13:20:00,山田,花子,09012345678,hanako@example.jp,,最中,,300,8,1,300,500,creditcard,0,キャンセル,12,,,
"""  # noqa: E501 — headers as the systems write them


def read(
    path: Path, content: str, columns: ColumnMap | None = None
) -> list[GoodOrder | BadRow | UnfinishedOrder]:
    file = path / "orders.csv"
    file.write_bytes(content.encode("cp932"))
    return list(OrderFile(file, columns).orders())


def orders(found: list[GoodOrder | BadRow | UnfinishedOrder]) -> list[tuple[str, int, bool]]:
    assert not [each for each in found if isinstance(each, BadRow)], found
    good = [each for each in found if isinstance(each, GoodOrder)]
    return [(each.order.order_number, each.order.total_yen, each.is_cancelled) for each in good]


def test_ec_cube(tmp_path: Path) -> None:
    found = read(tmp_path, EC_CUBE)
    assert orders(found) == [("E-7", 2800, False), ("E-8", 2900, True)]
    first = found[0]
    assert isinstance(first, GoodOrder) and first.order.customer_number == "12"
    assert [item.sku for item in first.order.items] == ["TEA-50"], "postage is no product"
    assert [type(each) for each in found] == [GoodOrder, GoodOrder, UnfinishedOrder]


def test_futureshop(tmp_path: Path) -> None:
    found = read(tmp_path, FUTURESHOP)
    assert orders(found) == [("F-1", 2800, False), ("F-2", 2900, True)]
    first = found[0]
    assert isinstance(first, GoodOrder)
    assert (first.order.customer_number, first.order.items[0].unit_yen) == ("M-1", 1200)


def test_base_adds_the_lines_and_counts_postage_once(tmp_path: Path) -> None:
    found = read(tmp_path, BASE)
    assert orders(found) == [("154D88A39E454289", 3100, False), ("254D88A39E454289", 800, True)]


def test_an_option_of_bases_costs_and_is_no_product(tmp_path: Path) -> None:
    option = "154D88A39E454289,2026-01-05 13:20:00,山田,花子,09012345678,hanako@example.jp,,商品オプション「のし」,御礼,100,8,1,100,500,creditcard,0,発送済み,,,,-100\n"  # noqa: E501
    lines = BASE.splitlines(keepends=True)
    [first, *_] = read(tmp_path, "".join([*lines[:2], option, *lines[2:]]))
    assert isinstance(first, GoodOrder)
    assert first.order.total_yen == 3200
    assert [item.name for item in first.order.items] == ["ほうじ茶", "最中"]


# Whole headers as the systems publish them: every field of ours is found in its own column.
PUBLISHED = {
    "ec-cube": (
        "注文ID,注文番号,会員ID,お名前(姓),お名前(名),お名前(セイ),お名前(メイ),会社名,郵便番号,都道府県(ID),都道府県(名称),"
        "住所1,住所2,メールアドレス,TEL,性別(ID),性別(名称),職業(ID),職業(名称),誕生日,ショップ用メモ欄,小計,値引き,送料,税金,"
        "合計,支払合計,対応状況(ID),対応状況(名称),支払方法(ID),支払方法(名称),受注日,入金日,注文詳細ID,商品ID,商品規格ID,商品名,"
        "商品コード,規格名1,規格名2,規格分類名1,規格分類名2,価格,個数,税率,税率ルール(ID),明細区分(ID),明細区分(名称),出荷ID,"
        "配送先_お名前(姓),配送先_お名前(名),配送先_郵便番号,配送先_都道府県(名称),配送先_住所1,配送先_住所2,配送先_TEL,配送業者(名称),お届け希望日,送料,発送日,出荷伝票番号",
        {
            "order_number": "注文番号", "ordered_at": "受注日", "total_yen": "支払合計", "customer_number": "会員ID",
            "email": "メールアドレス", "phone": "TEL", "sku": "商品コード", "name": "商品名", "quantity": "個数",
            "unit_yen": "価格", "state": "対応状況(名称)",
            "carrier": "配送業者(名称)", "tracking_number": "出荷伝票番号", "dispatched_at": "発送日",
        },
        [["配送先_郵便番号", "配送先_住所1", "配送先_住所2"], ["郵便番号", "住所1", "住所2"]],
    ),
    "futureshop": (
        "受注コード,注文日時,請求合計金額,商品合計金額,消費税合計,包装手数料,送料,決済手数料,クール便手数料,その他手数料,決済方法,"
        "コンビニ区分,コンビニ支払番号,通信欄,ショップメモ,入金フラグ,入金確認日,氏名(姓),氏名(名),メールアドレス(メイン),"
        "メールアドレス(サブ),メールアドレス(モバイル),郵便番号,都道府県区分,住所1,住所2,住所3,電話番号(メイン),電話番号(サブ),"
        "携帯電話番号,お届け先氏名(姓),お届け先氏名(名),お届け先郵便番号,商品番号,枝番号,商品名,項目選択肢,バリエーション名,"
        "オプション価格,販売単価,購入数量,ポイント利用額,配送サービス,割引合計金額(商品),割引合計金額(送料)",
        {
            "order_number": "受注コード", "ordered_at": "注文日時", "total_yen": "請求合計金額",
            "email": "メールアドレス(メイン)", "phone": "電話番号(メイン)", "sku": "商品番号", "name": "商品名",
            "quantity": "購入数量", "unit_yen": "販売単価",
        },
        [["郵便番号", "住所1", "住所2", "住所3"]],
    ),
    "base": (
        "注文ID,注文日時,氏(請求先),名(請求先),郵便番号(請求先),都道府県(請求先),住所(請求先),住所2(請求先),電話番号(請求先),"
        "メールアドレス(請求先),氏(配送先),名(配送先),郵便番号(配送先),都道府県(配送先),住所(配送先),住所2(配送先),電話番号(配送先),"
        "備考,商品名,バリエーション,価格,税率,数量,合計金額,送料,支払い方法,代引き手数料,発送状況,商品ID,種類ID,購入元,配送日,"
        "配送時間帯,注文メモ,調整金額",
        {
            "order_number": "注文ID", "ordered_at": "注文日時", "total_yen": "合計金額",
            "email": "メールアドレス(請求先)", "phone": "電話番号(請求先)", "sku": "商品ID",
            "name": "商品名",
            "quantity": "数量", "unit_yen": "価格", "state": "発送状況",
        },
        [
            ["郵便番号(配送先)", "住所(配送先)", "住所2(配送先)"],
            ["郵便番号(請求先)", "住所(請求先)", "住所2(請求先)"],
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("system", PUBLISHED)
def test_a_published_header_is_known_by_itself(system: str) -> None:
    header, expected, places = PUBLISHED[system]
    names = header.split(",")
    found = read_header(names)
    assert found.preset is PRESETS[system]
    assert {field: names[position] for field, position in found.positions.items()} == expected
    known = [[names[code], *(names[line] for line in lines)] for code, lines in found.places]
    assert known[: len(places)] == places, "never the postal code of one with the address of another"


def test_the_owners_own_columns_come_first(tmp_path: Path) -> None:
    content = "番号,いつ,合計金額,税抜,だれ,進み\nX-1,2026-01-05,5400,5000,C-1,ボツ\nX-2,2026-01-05,5400,5000,C-1,済\n"
    own = {
        "order_number": "番号",
        "ordered_at": "いつ",
        "total_yen": "税抜",
        "customer_number": "だれ",
        "state": "進み",
    }
    found = read(tmp_path, content, ColumnMap("none", own, ("ボツ",)))
    assert orders(found) == [("X-1", 5000, True), ("X-2", 5000, False)]


def test_an_own_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="「伝票番号」"):
        read(tmp_path, BASE, ColumnMap(own={"order_number": "伝票番号"}))


DELIVERED = """番号,日付,金額,会員番号,メール,届け先〒,市区町村,番地,郵便番号,住所
X-1,2026-01-05,5400,C-1,,150-0041,渋谷区神南,1-19-11,060-0018,札幌市中央区北18条西5丁目
X-1,2026-01-05,5400,C-1,,530-0001,大阪市北区梅田,3-1-3,060-0018,札幌市中央区北18条西5丁目
X-2,2026-01-05,5400,C-1,,150,渋谷区神南,1-19-11,,
"""


@pytest.mark.parametrize(
    ("place", "delivered"),
    [
        (AddressColumns("届け先〒", ("市区町村", "番地")), "1500041 渋谷区神南 1-19-11"),
        (None, "0600018 札幌市中央区北18条西5丁目"),
    ],
)
def test_the_first_place_stands_and_an_unreadable_one_costs_no_order(
    tmp_path: Path, place: AddressColumns | None, delivered: str
) -> None:
    own = {"order_number": "番号", "ordered_at": "日付", "total_yen": "金額"}
    found = read(tmp_path, DELIVERED, ColumnMap("auto", own, place=place))
    assert [
        f"{each.order.postal_code} {each.order.address}" for each in found if isinstance(each, GoodOrder)
    ] == [delivered, "None None"]


def test_own_columns_of_a_place_go_together_and_are_named_when_they_are_not_there(tmp_path: Path) -> None:
    place = {"postal_code": "届け先〒", "address": ["市区町村", "番地"]}
    own = OrderColumns.model_validate(place).column_map()
    assert own.place == AddressColumns("届け先〒", ("市区町村", "番地"))
    with pytest.raises(UnreadableFile, match="「届け先〒」"):
        read(tmp_path, BASE, own)
    with pytest.raises(ValueError, match="go together"):
        OrderColumns.model_validate({"address": ["住所"]})


def test_an_order_of_which_one_line_was_cancelled_stands(tmp_path: Path) -> None:
    assert orders(read(tmp_path, BASE.replace("未発送", "キャンセル")))[0] == (
        "154D88A39E454289",
        3100,
        False,
    )
