"""The owner's page of API keys for the shop's systems: list, create (shown once), revoke."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.db.database import write_transaction
from console.shell.translation import gettext
from customers.api import keys as api_keys


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/api-keys")(keys)
    console.post("/api-keys")(make_key)
    console.post("/api-keys/<prefix>/revoke")(revoke_key)


def keys() -> str:
    """Every key by its prefix, when it was last used, and a form for a new one."""
    return _page()


def make_key() -> str | tuple[str, int]:
    """Create a key; it is shown on this page only, since only its hash is stored."""
    name = request.form.get("name", "").strip()
    scopes = tuple(scope for scope in api_keys.SCOPES if scope in request.form.getlist("scopes"))
    if not name or not scopes:
        return _page(error=gettext("名前を書き、できることを1つ以上選んでください。"), name=name), 422
    with write_transaction():
        token = api_keys.create(name, scopes)
    return _page(token=token)


def revoke_key(prefix: str) -> Response:
    """Revoke the key, for good."""
    with write_transaction():
        done = api_keys.revoke(prefix)
    if done:
        flash(gettext("キー %(prefix)s… を無効にしました。", prefix=prefix))
    else:
        flash(gettext("このキーは、すでに無効です。"), "error")
    return redirect(url_for("console.keys"), 303)


def _page(*, token: str = "", error: str = "", name: str = "") -> str:
    meanings = {
        api_keys.ORDERS_WRITE: gettext("注文を送る・調べる"),
        api_keys.ORDERS_REVERSE: gettext("注文の取り消し・返金を送る"),
        api_keys.LINKS_WRITE: gettext("連携コードを作る・ログインで連携する"),
        api_keys.COUPONS_REDEEM: gettext("クーポンを使う"),
    }
    return render_template(
        "console/keys.html",
        keys=api_keys.all_keys(),
        scopes=[(scope, meanings.get(scope, scope)) for scope in api_keys.SCOPES],
        token=token,
        error=error,
        name=name,
    )
