"""The owner's pages of products: found, changed with clear errors, and what is bought next after one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.db.database import write_transaction
from console.shell.audit import AuditEntry
from customers.orders import purchases
from customers.orders.tables import Product
from handlers import recommendation_jobs
from tests.console.conftest import SignIn, get, post
from tests.storage.journeys.test_recommendations import order

FORM: dict[str, Any] = {
    "name": "緑茶50g",
    "price_yen": "1,200",
    "url": "https://www.your-shop.jp/商品/緑茶?a=1",
    "picture_url": "",
    "in_stock": "1",
    "is_recommended": "1",
    "repurchase_days": "45",
}


def products(*skus: str) -> list[int]:
    with write_transaction():
        return [Product.create(sku=sku, name=f"商品{sku}").id for sku in skus]


def change(client: FlaskClient, product_id: int, **changed: str):  # type: ignore[no-untyped-def] # werkzeug's
    return post(
        client, f"/console/products/{product_id}", page=f"/console/products/{product_id}", **(FORM | changed)
    )


@pytest.fixture
def owner(sign_in: SignIn) -> FlaskClient:
    return sign_in("owner")


def test_only_the_owner_may_open_them(sign_in: SignIn) -> None:
    (tea,) = products("TEA")
    staff = sign_in("staff")
    assert get(staff, "/console/products").status_code == 403
    assert get(staff, f"/console/products/{tea}").status_code == 403
    assert post(staff, f"/console/products/{tea}", **FORM).status_code == 403


def test_products_are_found_by_name_and_code(owner: FlaskClient) -> None:
    products("TEA", "CUP", "100%")
    page = get(owner, "/console/products?q=tea").text
    assert "商品TEA" in page and "商品CUP" not in page
    assert "商品100%" in get(owner, "/console/products?q=%25").text
    assert "商品TEA" not in get(owner, "/console/products?q=%25").text
    assert "「x&#39;」に合う商品はありません" in get(owner, "/console/products?q=x'").text


def test_many_products_come_in_pages(owner: FlaskClient) -> None:
    products(*(f"P{number:03}" for number in range(51)))
    page = get(owner, "/console/products").text
    assert "商品P049" in page and "商品P050" not in page and "after=P049" in page
    assert "商品P050" in get(owner, "/console/products?after=P049").text


def test_a_product_is_changed_and_the_change_recorded(owner: FlaskClient) -> None:
    (tea,) = products("TEA")
    assert "商品ページのアドレスがないので" in get(owner, f"/console/products/{tea}").text
    assert change(owner, tea).status_code == 303
    row = Product.get_by_id(tea)
    assert (row.name, row.price_yen, row.repurchase_days, row.premium) == ("緑茶50g", 1_200, 45, False)
    assert row.url == "https://www.your-shop.jp/%E5%95%86%E5%93%81/%E7%B7%91%E8%8C%B6?a=1"
    assert AuditEntry.get(AuditEntry.kind == "change_product").details == '{"sku": "TEA"}'
    page = get(owner, "/console/products").text
    assert "出ます" in page and "1,200" in page


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("url", "http://www.your-shop.jp/tea", "https:// で始まる"),
        ("url", "javascript:alert(1)", "https:// で始まる"),
        ("url", "https://", "https:// で始まる"),
        ("url", "https://localhost/tea", "https:// で始まる"),
        ("url", "https://www.your-shop.jp/a b", "https:// で始まる"),
        ("url", "https://me@www.your-shop.jp/", "https:// で始まる"),
        ("url", "https://www.your-shop.jp:x/", "https:// で始まる"),
        ("url", "https://www.your-shop.jp/" + "a" * 1_000, "https:// で始まる"),
        ("picture_url", "tea.jpg", "https:// で始まる"),
        ("name", " ", "1文字から100文字"),
        ("price_yen", "-1", "0から99,999,999まで"),
        ("price_yen", "1.5", "0から99,999,999まで"),
        ("repurchase_days", "0", "1から"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    owner: FlaskClient, field: str, written: str, said: str
) -> None:
    (tea,) = products("TEA")
    answer = change(owner, tea, **{field: written})
    assert answer.status_code == 422
    assert said in answer.text.partition(f'id="e-{field}"')[2].partition("</span>")[0]
    assert 'aria-invalid="true"' in answer.text
    assert Product.get_by_id(tea).url == ""


def test_what_is_bought_next_is_shown_with_its_counts(owner: FlaskClient) -> None:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    for number in range(8):
        user = "U" + f"{number:032x}"
        with write_transaction():
            purchases.record(order(f"T{number}", ["TEA"] if number < 6 else ["POT"], at, user))
            if number > 5:
                purchases.record(order(f"P{number}", ["POT"], at + timedelta(days=9), user))
            if number < 5:
                purchases.record(order(f"C{number}", ["CUP"], at + timedelta(days=30), user))
    recommendation_jobs.count_pairs()
    tea = Product.get(Product.sku == "TEA").id
    page = get(owner, f"/console/products/{tea}").text
    row = page.partition("商品CUP")[2].partition("</tr>")[0]
    assert "次のご注文で" in row and ">5<" in row and ">83%<" in row and ">1.4<" in row and "使います" in row
    assert "6人です" in page


def test_the_pages_speak_english(sign_in: SignIn) -> None:
    (tea,) = products("TEA")
    owner = sign_in("owner")
    post(owner, "/console/language/en", page="/console/products", next="/console/products")
    assert "Products to recommend" in get(owner, "/console/products").text
    assert "Its page in the shop" in get(owner, f"/console/products/{tea}").text


def test_no_such_product(owner: FlaskClient) -> None:
    assert get(owner, "/console/products/9").status_code == 404
