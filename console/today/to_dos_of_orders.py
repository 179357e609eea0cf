"""To-dos about orders, products and the system: orders that wait for an answer, failed jobs, products that cannot be
recommended.
"""

from flask import url_for

from bot.line.delivery import PARKED
from bot.queue import inbox, multicasts, outbox
from console.shell.pages import yen as in_yen
from console.shell.translation import gettext, ngettext
from console.today import stakes
from console.today.morning import Morning
from console.today.ranking import ToDo
from console.today.stakes import Chance
from customers.orders import parked
from customers.people import customer as customers
from journeys.traces import parked as parked_steps


def parked_orders(_morning: Morning) -> ToDo | None:
    """Orders that are not counted, or counted wrongly, until the owner answers."""
    count = parked.open_count()
    if not count:
        return None
    yen = parked.uncounted_yen()
    return ToDo(
        "parked-orders",
        ngettext(
            "読めなかった注文が%(num)d件、あなたの答えを待っています。答えるまで、売上にもポイントにも入りません。",
            "読めなかった注文が%(num)d件、あなたの答えを待っています。答えるまで、売上にもポイントにも入りません。",
            count,
        ),
        url_for("console.parked"),
        yen,
        gettext(
            "まだ売上に入っていない注文の代金の合計 %(yen)s（読めた分、はじめの200件まで）", yen=in_yen(yen)
        ),
    )


def failed_jobs(morning: Morning) -> ToDo | None:
    """Events, steps and messages that gave up."""
    events, sends = list(inbox.parked()), outbox.unsent(PARKED)
    steps, calls = parked_steps.parked(), multicasts.parked()
    count = len(events) + len(sends) + len(steps) + len(calls)
    if not count:
        return None
    conversations = {each.conversation_id for each in (*events, *sends) if each.conversation_id is not None}
    whose = {each.customer_id for each in steps} | set(customers.ids_by_conversation(conversations))
    stake = stakes.of_customers(sorted(whose), Chance.FAILED, morning.today)
    return ToDo(
        "failed-jobs",
        ngettext(
            "止まった処理が%(num)d件あります。原因を見て、やり直しましょう。",
            "止まった処理が%(num)d件あります。原因を見て、やり直しましょう。",
            count,
        ),
        url_for("console.failed_jobs"),
        stake.yen,
        stake.estimate,
    )


def products(morning: Morning) -> ToDo | None:
    """Products that sell and cannot be recommended, since their page's address or name is missing."""
    found = morning.products
    if found is None or not found.count:
        return None
    stake = stakes.of_year(found.year_yen, Chance.PRODUCT.share, Chance.PRODUCT.words)
    one = found.only_id
    return ToDo(
        "products",
        ngettext(
            "売れている商品が%(num)d点、ページのアドレスか名前がないため、おすすめに出ません。入れておきましょう。",
            "売れている商品が%(num)d点、ページのアドレスか名前がないため、おすすめに出ません。入れておきましょう。",
            found.count,
        ),
        url_for("console.products") if one is None else url_for("console.product", product_id=one),
        stake.yen,
        stake.estimate,
    )
