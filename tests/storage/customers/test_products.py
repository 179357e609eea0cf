"""Products come with orders or by a CSV file; the owner's own entries are not overwritten."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.config import shop
from bot.db.database import write_transaction
from commands import orders as commands
from customers.csv import order_import
from customers.csv import products as csv_products
from customers.csv.records import UnreadableFile
from customers.orders import purchases
from customers.orders.order import Item
from customers.orders.purchases import Product, Purchase
from handlers import register
from tests.storage.customers.test_order_recording import order
from tests.storage.customers.test_order_reversals import work

pytestmark = pytest.mark.usefixtures("any_database")


def products() -> list[tuple[str, str, int | None, bool]]:
    rows: list[Product] = list(Product.select().order_by(Product.sku))
    return [(each.sku, each.name, each.repurchase_days, each.premium) for each in rows]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_file_of_products_can_be_repeated_and_names_its_bad_rows(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "products.csv"
    rows = [
        "商品コード,商品名,買い替え日数,プレミアム",
        "TEA,ほうじ茶,６０日,",
        "SET,詰め合わせ,,○",
        ",なし,1,",
        "X,x,0,",
        "Y,y,1,maybe",
    ]
    file.write_bytes("\n".join(rows).encode(encoding))
    for _ in range(2):
        report = csv_products.run(file)
        assert (report.stored_count, [line for line, _ in report.bad]) == (2, [4, 5, 6])
    assert products() == [("SET", "詰め合わせ", None, True), ("TEA", "ほうじ茶", 60, False)]


def test_a_file_without_codes_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "products.csv"
    file.write_text("商品名\nほうじ茶\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="商品コード"):
        csv_products.run(file)


def test_an_order_may_bring_what_is_known_of_its_products() -> None:
    items = (
        Item(sku="TEA", name="ほうじ茶", repurchase_days=60),
        Item(sku="SET", name="詰め合わせ", premium=True),
    )
    with write_transaction():
        purchases.record(order("A-1", customer_number="C-1").model_copy(update={"items": items}))
        purchases.record(
            order("A-2", customer_number="C-1").model_copy(update={"items": (Item(sku="TEA", name="x"),)})
        )
    assert products() == [("SET", "詰め合わせ", None, True), ("TEA", "ほうじ茶", 60, False)]


def test_the_command_says_what_it_took(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "start", lambda _: None)
    file = tmp_path / "products.csv"
    file.write_text("sku,premium\nTEA,yes\n", encoding="utf-8")
    done = CliRunner().invoke(commands.import_orders, ["--products", str(file)])
    assert (done.exit_code, done.output) == (0, "商品 1件・読めない行 0件\n")


def test_a_file_takes_back_the_orders_it_has_as_cancelled(tmp_path: Path) -> None:
    register()
    shop.use({})
    file = tmp_path / "orders.csv"
    header, row = "注文番号,注文日,合計金額,顧客番号,ステータス", "A-1,2026-01-05,5400,C-1,"
    for state, expected in (("発送済み", "paid"), ("キャンセル", "cancelled"), ("キャンセル", "cancelled")):
        file.write_text(f"{header}\n{row}{state}\nB-1,2026-01-05,100,C-1,キャンセル\n", encoding="utf-8")
        report = order_import.run(file)
        assert report.is_clean and "取り消された注文" in report.summary()
        work()
        assert [(each.order_number, each.state) for each in Purchase.select()] == [("A-1", expected)]


def test_a_file_says_what_customers_see_of_products(tmp_path: Path) -> None:
    file = tmp_path / "products.csv"
    rows = [
        "商品コード,商品名,価格,商品ページ,画像,在庫,おすすめ",
        'TEA,ほうじ茶,"1,200円",https://shop.jp/お茶,https://shop.jp/tea.jpg,12,○',
        "CUP,湯のみ,,,,0,",
        "POT,急須,,,,売り切れ,×",
        "A,a,,http://shop.jp/a,,,",
        "B,b,,,b.jpg,,",
        "C,c,無料,,,,",
        "D,d,,,,たくさん,",
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    report = csv_products.run(file)
    assert report.stored_count == 3
    assert [(line, said.partition("は")[0]) for line, said in report.bad] == [
        (5, "商品ページ"),
        (6, "画像"),
        (7, "価格"),
        (8, "在庫"),
    ]
    tea = Product.get(Product.sku == "TEA")
    assert (tea.price_yen, tea.in_stock, tea.is_recommended) == (1_200, True, True)
    assert (tea.url, tea.picture_url) == ("https://shop.jp/%E3%81%8A%E8%8C%B6", "https://shop.jp/tea.jpg")
    pot = Product.get(Product.sku == "POT")
    assert (pot.in_stock, pot.is_recommended, pot.price_yen, pot.url) == (False, False, None, "")

    file.write_text("商品コード,商品ページ,在庫\nTEA,,\nCUP,,3", encoding="utf-8")
    csv_products.run(file)
    assert Product.get(Product.sku == "TEA").url == "https://shop.jp/%E3%81%8A%E8%8C%B6"
    assert Product.get(Product.sku == "CUP").in_stock
