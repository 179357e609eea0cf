"""What one customer may ask for under the law on personal information: a copy of all that is stored about them, and
its erasure. For owners, with their password."""

import io

from flask import Blueprint, Response, abort, flash, redirect, render_template, send_file, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from bot import localtime
from bot.db.database import write_transaction
from console.data import erasing, person_file
from console.data.erasing import CannotErase
from console.shell import audit
from console.shell.translation import gettext
from customers.people.customer import Customer


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/customers/<int:customer_id>/erase")(before_erase)
    console.post("/customers/<int:customer_id>/erase")(erase_customer)
    console.post("/customers/<int:customer_id>/export")(export_customer)


def before_erase(customer_id: int) -> str:
    """What goes, what stays, and what stands in the way."""
    customer = _found(customer_id)
    return render_template(
        "console/data/erase.html", who=customer, open_ticket=erasing.open_ticket_of(customer_id)
    )


def erase_customer(customer_id: int) -> AnyResponse:
    """Erase the customer, for good."""
    _found(customer_id)
    try:
        with write_transaction():
            erased = erasing.erase(customer_id, current_user.id)
            audit.note(count=erased.count)
    except CannotErase as refused:
        flash(erasing.refusal_in_words(refused.reason), "error")
        return redirect(url_for("console.before_erase", customer_id=customer_id), 303)
    flash(gettext("お客様の情報を消しました（%(count)s件）。", count=f"{erased.count:,}"))
    if erased.file_count:
        flash(
            gettext(
                "取りこむ前の注文ファイルも消しました（%(count)d件）。この方の行を除いて、もう一度入れてください。",
                count=erased.file_count,
            )
        )
    return redirect(url_for("console.customer", customer_id=customer_id), 303)


def export_customer(customer_id: int) -> Response:
    """A ZIP with all that is stored about the customer: a page to read, and the rows as JSON."""
    customer = _found(customer_id)
    with write_transaction():
        audit.record("export_customer", current_user.id, {"customer_id": customer_id}, {})
    content = person_file.made(customer)
    name = f"customer-{customer_id}-{localtime.today():%Y%m%d}.zip"
    return send_file(io.BytesIO(content), "application/zip", as_attachment=True, download_name=name)


def _found(customer_id: int) -> Customer:
    return Customer.get_or_none(Customer.id == customer_id) or abort(404)
