"""The owner's pages of products: what customers see when each is recommended, and what is bought next after it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.config import shop
from bot.db.database import write_transaction
from console.figures import effects as effect_figures
from console.journeys import effects
from console.shell import audit
from console.shell.translation import gettext
from customers.orders.schema import MAX_DAYS
from customers.orders.tables import Product
from customers.products import product_list
from customers.products.product_list import BadAddress, ProductDetails
from customers.values.parsing import MAX_YEN
from journeys.recommendations import counting, shown
from journeys.recommendations.choosing import Manner, Pair
from journeys.recommendations.settings import RecommendationRules

PAGE = 50
MOST_FOLLOWERS = 20
LONGEST_NAME = 100
TICKS = ("in_stock", "is_recommended", "premium")


@dataclass(frozen=True, slots=True)
class Follower:
    """A product that is bought after or with another."""

    product_id: int
    name: str
    how: str
    pair: Pair
    share: str
    why_not: str
    """Why it is no reason to recommend it; empty where it is one."""


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/products")(products)
    console.get("/products/<int:product_id>")(product)
    console.post("/products/<int:product_id>")(change_product)


def products() -> str:
    """The shop's products, those with the sought words, and what recommendations bring."""
    words, after = request.args.get("q", "")[:100], request.args.get("after", "")[:64]
    found = product_list.page(words, after, PAGE + 1)
    counted = effect_figures.shown()
    return render_template(
        "console/products.html",
        words=words,
        products=found[:PAGE],
        next_after=found[PAGE - 1].sku if len(found) > PAGE else None,
        shown=shown.counts(),
        why_not=why_not,
        is_counted=counting.current() is not None,
        counted=counted,
        effects=[
            (effects.name_of(each), effects.said(each, counted))
            for each in effect_figures.of_recommendations()
            if counted is not None
        ],
    )


def product(product_id: int) -> str:
    """One product: its form, and what is bought next after it."""
    return _page(_found(product_id))


def change_product(product_id: int) -> Response | tuple[str, int]:
    """Store what the owner says of the product."""
    changed = _found(product_id)
    details, errors = _read()
    if details is None:
        return _page(changed, errors), 422
    with write_transaction():
        audit.note(sku=changed.sku)
        product_list.change(product_id, details)
    flash(gettext("「%(name)s」を保存しました。", name=details.name or changed.sku))
    return redirect(url_for("console.product", product_id=product_id), 303)


def why_not(row: Product) -> str:
    """Why the product is not recommended to anybody; empty where it is."""
    if not row.is_recommended:
        return gettext("おすすめしない設定です")
    if not row.in_stock:
        return gettext("在庫がないので、おすすめに出ません")
    if not row.url:
        return gettext("商品ページのアドレスがないので、おすすめに出ません")
    return "" if row.name else gettext("名前がないので、おすすめに出ません")


def _page(row: Product, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "console/product.html",
        product=row,
        form=request.form if errors else _as_form(row),
        errors=errors or {},
        why_not=why_not(row),
        followers=_followers(row.id),
        buyer_count=counting.buyer_counts([row.id]).get(row.id, 0),
        counted_at=run.finished_at if (run := counting.current()) is not None else None,
        floors=shop.get(RecommendationRules),
    )


def _found(product_id: int) -> Product:
    row = product_list.find(product_id)
    if row is None:
        abort(404)
    return row


def _followers(product_id: int) -> list[Follower]:
    pairs = [
        pair
        for pair in counting.followers_of(product_id, MOST_FOLLOWERS + 1)
        if pair.other_id != product_id or pair.next_count
    ][:MOST_FOLLOWERS]
    names = product_list.names([pair.other_id for pair in pairs])
    return [
        Follower(
            pair.other_id,
            names[pair.other_id],
            gettext("次のご注文で") if pair.manner is Manner.NEXT else gettext("いっしょに"),
            pair,
            gettext("%(percent)s%%", percent=f"{float(pair.share) * 100:.0f}"),
            _why_no_reason(pair),
        )
        for pair in pairs
    ]


def _why_no_reason(pair: Pair) -> str:
    rules = shop.get(RecommendationRules)
    if pair.count < rules.floor_buyers:
        return gettext("まだ%(count)s人に足りません", count=rules.floor_buyers)
    if pair.share * 100 < rules.floor_percent:
        return gettext("割合が%(percent)s%%に足りません", percent=rules.floor_percent)
    return "" if pair.lift > 1 else gettext("ふつうより多くはありません")


def _as_form(row: Product) -> dict[str, Any]:
    return {
        "name": row.name,
        "price_yen": "" if row.price_yen is None else row.price_yen,
        "url": row.url,
        "picture_url": row.picture_url,
        "repurchase_days": "" if row.repurchase_days is None else row.repurchase_days,
        **{name: "1" for name in TICKS if getattr(row, name)},
    }


def _read() -> tuple[ProductDetails | None, dict[str, str]]:
    """What the form says, or the sentence for each field that cannot be taken."""
    errors: dict[str, str] = {}
    name = " ".join(request.form.get("name", "").split())
    if not 1 <= len(name) <= LONGEST_NAME:
        errors["name"] = gettext("名前は、1文字から%(longest)d文字で入れてください。", longest=LONGEST_NAME)
    price = _number("price_yen", 0, MAX_YEN, errors)
    days = _number("repurchase_days", 1, MAX_DAYS, errors)
    url, picture = _address("url", errors), _address("picture_url", errors)
    if errors:
        return None, errors
    ticks = {tick: request.form.get(tick) == "1" for tick in TICKS}
    return ProductDetails(name, price, url, picture, repurchase_days=days, **ticks), {}


def _number(field: str, least: int, most: int, errors: dict[str, str]) -> int | None:
    written = request.form.get(field, "").strip().replace(",", "")
    if not written:
        return None
    if not (written.isdecimal() and len(written) < 10 and least <= int(written) <= most):
        errors[field] = gettext(
            "%(least)sから%(most)sまでの数字で入れてください。空欄にもできます。",
            least=f"{least:,}",
            most=f"{most:,}",
        )
        return None
    return int(written)


def _address(field: str, errors: dict[str, str]) -> str:
    try:
        return product_list.address(request.form.get(field, ""))
    except BadAddress:
        errors[field] = gettext("https:// で始まるアドレスを入れてください。例：https://www.your-shop.jp/tea")
        return ""
