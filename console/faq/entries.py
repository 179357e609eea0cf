"""Pages of the FAQ: the list and its filters, an entry with its preview, and its versions."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.db.database import write_transaction
from bot.line.messages import Message
from console.auth import staff_accounts
from console.faq import complaints
from console.shell.translation import gettext
from customers.orders.purchases import Product
from support.faq import card as faq_card
from support.faq import diff, entries, file, messages, overview, questions_asked
from support.faq.entries import ChangedMeanwhile, QuestionTaken
from support.faq.overview import Wanted
from support.faq.tables import Content, FaqEntry, FaqVersion, spoken

MOST_PRODUCTS = 500


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/faq")(faq_stock)
    console.post("/faq")(faq_create)
    console.get("/faq/<int:entry_id>")(faq_entry)
    console.post("/faq/<int:entry_id>")(faq_change)
    console.post("/faq/preview")(faq_preview)
    console.post("/faq/<int:entry_id>/<any(withdraw, restore):switch>")(faq_switch)
    console.get("/faq/<int:entry_id>/versions")(faq_versions)
    console.post("/faq/<int:entry_id>/versions/<int:revision>")(faq_go_back)


class Unfit(Exception):
    """The form cannot be accepted; the text says which field and why."""


@dataclass(slots=True)
class FaqDraft:
    """An unsaved entry, in the form that the message builder expects."""

    question: str
    answer: str
    card: str
    id: int = 0

    @property
    def spoken_answer(self) -> str:
        return spoken(self.answer)


def faq_stock() -> str:
    """The list of entries; every filter and order is part of the address."""
    wanted = _wanted()
    page = overview.page(wanted)
    return render_template("console/faq.html", wanted=wanted, page=page, address=_address_of(wanted))


def faq_create() -> Response | tuple[str, int]:
    """Create an entry."""
    try:
        content = read_form()
        with write_transaction():
            entry_id = entries.create(content, current_user.id)
    except (Unfit, QuestionTaken) as fault:
        return form_page(None, request.form.to_dict(), error=_reason(fault)), 422
    flash(gettext("「%(question)s」を加えました。", question=content.question))
    return redirect(url_for("console.faq_entry", entry_id=entry_id), 303)


def faq_entry(entry_id: int) -> str:
    """One entry's form, its preview, and figures of how it did."""
    found = found_entry(entry_id)
    return form_page(found, form_of(found.content, found.revision))


def faq_change(entry_id: int) -> Response | tuple[str, int]:
    """Save the entry, unless somebody else changed it since the form was opened."""
    found = found_entry(entry_id)
    try:
        content = read_form()
        with write_transaction():
            changed = entries.change(
                entry_id, content, current_user.id, seen=request.form.get("revision", 0, type=int)
            )
    except (Unfit, QuestionTaken, ChangedMeanwhile) as fault:
        return form_page(found, request.form.to_dict(), error=_reason(fault)), 422
    flash(gettext("変更しました。") if changed else gettext("変わったところはありません。"))
    return redirect(url_for("console.faq_entry", entry_id=entry_id), 303)


def faq_preview() -> str | tuple[str, int]:
    """Preview what is typed, as the customer would see it; nothing is stored."""
    form = request.form.to_dict()
    if request.headers.get("HX-Request"):
        return render_template("console/_faq_preview.html", preview=_preview(form), fault=_card_fault(form))
    entry_id = request.form.get("entry_id", type=int)
    return form_page(found_entry(entry_id) if entry_id else None, form)


def faq_switch(entry_id: int, switch: str) -> Response:
    """Withdraw the entry from use, or restore it."""
    found = found_entry(entry_id)
    act, message = {
        "withdraw": (entries.withdraw, gettext("取り下げました。お客様には出ません。")),
        "restore": (entries.restore, gettext("もう一度使います。")),
    }[switch]
    with write_transaction():
        act(entry_id, current_user.id)
    flash(f"{found.question} — {message}")
    return redirect(url_for("console.faq_entry", entry_id=entry_id), 303)


def faq_versions(entry_id: int) -> str:
    """The entry's versions: who changed what and when, latest first."""
    found = found_entry(entry_id)
    versions = entries.versions(entry_id)
    changes = [
        (version, _changes(before, version))
        for version, before in zip(versions, [*versions[1:], None], strict=True)
    ]
    return render_template(
        "console/faq_versions.html", entry=found, changes=changes, staff_names=staff_accounts.names()
    )


def faq_go_back(entry_id: int, revision: int) -> Response:
    """Restore an earlier version, as a new version."""
    found_entry(entry_id)
    version = next((each for each in entries.versions(entry_id) if each.revision == revision), None)
    if version is None:
        abort(404)
    try:
        with write_transaction():
            entries.change(entry_id, version.content, current_user.id)
        flash(gettext("第%(number)d版の内容に戻しました。", number=revision))
    except (QuestionTaken, ChangedMeanwhile) as fault:
        flash(_reason(fault), "error")
    return redirect(url_for("console.faq_entry", entry_id=entry_id), 303)


def found_entry(entry_id: int) -> FaqEntry:
    """The entry with that id, withdrawn or not; 404 when there is none."""
    return FaqEntry.get_or_none(FaqEntry.id == entry_id) or abort(404)


def form_page(found: FaqEntry | None, form: dict[str, Any], *, error: str = "", **more: Any) -> str:
    """The form with what is typed or stored, and the preview beside it."""
    return render_template(
        "console/faq_entry.html",
        entry=found,
        form=form,
        error=error,
        preview=_preview(form),
        fault=_card_fault(form),
        figures=questions_asked.figures(found) if found else None,
        products=_products(),
        limits=file,
        **more,
    )


def form_of(content: Content, revision: int = 0) -> dict[str, Any]:
    """The form's fields for that entry."""
    return {
        "question": content.question,
        "answer": content.answer,
        "paraphrases": "\n".join(content.paraphrases),
        "tags": "、".join(content.tags),
        "product": content.product,
        "card": faq_card.pretty(content.card),
        "revision": revision,
    }


def read_form() -> Content:
    """The fields that were submitted. Raises Unfit."""
    form = request.form
    content = Content(
        question=file.one_line(form.get("question", "")),
        answer=file.as_written(form.get("answer", "")),
        paraphrases=file.paraphrases_of(form.get("paraphrases", "")),
        tags=file.tags_of(form.get("tags", "")),
        product=form.get("product", "").strip(),
        card=faq_card.compact(form.get("card", "").strip()),
    )
    wrong = file.complaint(content.question, content.answer, content.paraphrases, content.tags)
    if wrong:
        raise Unfit(complaints.in_words(wrong))
    if content.product and not Product.select().where(Product.sku == content.product).exists():
        raise Unfit(
            gettext("商品「%(sku)s」は登録されていません。一覧からお選びください。", sku=content.product)
        )
    if fault := _card_fault(form):
        raise Unfit(fault)
    return content


def _reason(fault: Exception) -> str:
    match fault:
        case QuestionTaken():
            return gettext("同じ質問がすでにあります。その質問を変更するか、言い方を変えてください。")
        case ChangedMeanwhile():
            return gettext(
                "ほかの人が先に変更しました。ここに書いた内容は残っています。"
                "新しい版を別の画面で確かめてから、もう一度お試しください。"
            )
        case _:
            return str(fault)


def _card_fault(form: Any) -> str:
    text = form.get("card", "").strip()
    fault = faq_card.fault_of(text) if text else None
    if fault is None:
        return ""
    return gettext("カードの %(place)s: %(reason)s", place=fault.place or "{}", reason=fault.reason)


def _preview(form: dict[str, Any]) -> list[Message]:
    question = file.one_line(form.get("question", ""))
    answer = file.as_written(form.get("answer", ""))
    return messages.answer(FaqDraft(question, answer, form.get("card", "").strip()), 0) if answer else []


def _products() -> list[Product]:
    return list(Product.select().order_by(Product.name, Product.sku).limit(MOST_PRODUCTS))


def _changes(before: FaqVersion | None, after: FaqVersion) -> list[tuple[str, list[diff.Line]]]:
    """The fields that changed, by name; none for the first version."""
    if before is None:
        return []
    old, new = before.content, after.content
    fields = [
        (gettext("質問"), diff.of_texts(old.question, new.question)),
        (gettext("言い換え"), diff.of_lists(old.paraphrases, new.paraphrases)),
        (gettext("回答"), diff.of_texts(old.answer, new.answer)),
        (gettext("カード"), diff.of_texts(faq_card.pretty(old.card), faq_card.pretty(new.card))),
        (gettext("タグ"), diff.of_lists(old.tags, new.tags)),
        (gettext("商品"), diff.of_texts(old.product, new.product)),
    ]
    return [(name, lines) for name, lines in fields if lines]


def _wanted() -> Wanted:
    given = request.args
    state, sort = given.get("state", ""), given.get("sort", "")
    return Wanted(
        words=given.get("q", "").strip()[:100],
        tag=given.get("tag", ""),
        product=given.get("product", ""),
        state=state if state in overview.STATES else overview.IN_USE,
        sort=sort if sort in overview.SORTS else overview.WRITTEN,
        page=given.get("page", 1, type=int),
    )


def _address_of(wanted: Wanted) -> Any:
    """The address of this list with other query parameters."""

    def address(**other: Any) -> str:
        now = {
            "q": wanted.words,
            "tag": wanted.tag,
            "product": wanted.product,
            "state": wanted.state,
            "sort": wanted.sort,
        }
        usual = {"state": overview.IN_USE, "sort": overview.WRITTEN, "page": 1}
        query = {name: value for name, value in (now | other).items() if value and value != usual.get(name)}
        return url_for("console.faq_stock", **query)

    return address
