"""Adds to the FAQ from chats: from a reply of staff, and from questions that found no answer."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.db.database import write_transaction
from console.faq import complaints
from console.faq import entries as pages
from console.shell.translation import gettext, ngettext
from support.faq import entries, file, learning, missing
from support.faq.clusters import Cluster
from support.faq.learning import FaqEntryDraft
from support.faq.tables import Content, FaqEntry
from support.tickets import tickets
from support.transcript import transcript
from support.transcript.transcript import Line

LINES_BEFORE = 30
TEXTS_TAKEN = 4
EXAMPLES = 30
OFFERED = 4


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/faq/new")(faq_new)
    console.post("/faq/<int:entry_id>/paraphrases")(faq_paraphrase)
    console.get("/faq/missing")(faq_missing_questions)
    console.post("/faq/missing/<int:question_id>/aside")(faq_set_aside)


def faq_new() -> str:
    """An empty form; or one prefilled from a reply and its question, or from an unanswered question."""
    if "ticket" in request.args:
        begun, name = _from_chat(request.args.get("ticket", 0, type=int), request.args.get("line", ""))
    elif "missing" in request.args:
        begun, name = _from_cluster(_found_cluster(request.args.get("missing", 0, type=int))), ""
    else:
        begun, name = FaqEntryDraft(), ""
    content = Content(begun.question, begun.answer, begun.paraphrases)
    return pages.form_page(
        None,
        pages.form_of(content),
        phrases=begun.phrases,
        fitting=_fitting(begun),
        personal=learning.personal_details((*begun.phrases, begun.answer), name),
    )


def faq_paraphrase(entry_id: int) -> Response:
    """Add a customer's wording to an entry as a paraphrase."""
    found = pages.found_entry(entry_id)
    phrases = [file.one_line(phrase) for phrase in request.form.getlist("phrase")]
    wrong = file.complaint(found.question, found.answer, (*found.paraphrase_list, *phrases))
    if wrong:
        flash(complaints.in_words(wrong), "error")
    else:
        with write_transaction():
            count = entries.add_paraphrases(
                entry_id,
                [each for phrase in phrases for each in file.paraphrases_of(phrase)],
                current_user.id,
            )
        flash(ngettext("言い換えを%(num)d個足しました。", "言い換えを%(num)d個足しました。", count))
    return redirect(url_for("console.faq_entry", entry_id=entry_id), 303)


def faq_missing_questions() -> str:
    """Clusters of unanswered questions, most frequent first."""
    return render_template("console/faq_missing.html", missing=missing.missing())


def faq_set_aside(question_id: int) -> Response:
    """Dismiss a cluster: no entry will be written for it."""
    cluster = _found_cluster(question_id)
    with write_transaction():
        missing.set_aside(cluster.question_ids)
    flash(gettext("「%(words)s」を一覧から外しました。", words=cluster.leader.words[:40]))
    return redirect(url_for("console.faq_missing_questions"), 303)


def _from_chat(ticket_id: int, cursor: str) -> tuple[FaqEntryDraft, str]:
    """The reply with that id, what the customer wrote since the reply before it, and the customer's name."""
    ticket = tickets.find(ticket_id)
    lines = transcript.up_to(ticket.conversation_id, cursor, limit=LINES_BEFORE) if ticket else ()
    if ticket is None or not lines or lines[-1].who != transcript.STAFF:
        abort(404)
    return learning.draft(_asked_before(lines), lines[-1].text), ticket.customer.display_name


def _asked_before(lines: tuple[Line, ...]) -> list[str]:
    texts: list[str] = []
    for line in reversed(lines[:-1]):
        if line.who == transcript.STAFF and texts:
            break
        if line.who == transcript.CUSTOMER and line.kind == "text":
            texts.append(line.text)
        if len(texts) == TEXTS_TAKEN:
            break
    return texts[::-1]


def _found_cluster(question_id: int) -> Cluster:
    return missing.find(question_id) or abort(404)


def _from_cluster(cluster: Cluster) -> FaqEntryDraft:
    """The wording that most customers used becomes the question."""
    words = [phrase.words for phrase in cluster.phrases[:EXAMPLES]]
    return learning.draft([*words[1:], words[0]])


def _fitting(begun: FaqEntryDraft) -> list[FaqEntry]:
    """The entries nearest to any of the wordings: one may answer it already."""
    matches = [match for phrase in begun.phrases[:5] for match in entries.ranked(phrase, OFFERED)]
    nearest = sorted(matches, key=lambda match: match.sureness, reverse=True)
    return entries.entries(list(dict.fromkeys(match.entry_id for match in nearest)))[:OFFERED]
