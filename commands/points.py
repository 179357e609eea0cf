"""`reconcile` and `points history`: check the ledger; explain how a customer's points came about."""

import click

from bot import localtime
from bot.starting import start
from console.auth.staff_accounts import Staff
from customers.people import customer as customers
from handlers import register
from rewards.ledger import due_points, ledger
from rewards.ledger.ledger import EntryKind, LedgerEntry
from rewards.ledger.reconciliation import reconcile as run_reconciliation
from rewards.ledger.words import reasons

ALL = 1_000_000
KINDS = {
    EntryKind.EARN: "付与",
    EntryKind.PENDING: "保留（まだ使えません）",
    EntryKind.BURN: "利用",
    EntryKind.EXPIRE: "失効",
    EntryKind.REVERSE: "取り消し",
    EntryKind.ADJUST: "スタッフによる調整",
    EntryKind.REFUSED: "付与なし",
}


@click.group()
def points() -> None:
    """The points ledger."""


@click.command()
def reconcile() -> None:
    """Check that balances are sums, lots are entries, uses fit their lots and no cause counts twice."""
    start(register)
    found = run_reconciliation()
    click.echo(
        f"{found.entry_count:,} entries of {found.customer_count:,} customers: {found.points:,} points, "
        f"{found.held:,} pending."
    )
    for fault in found.faults:
        click.echo(f"WRONG: {fault}")
    if found.faults:
        raise SystemExit(1)
    click.echo("Balances are the sums of their entries, lots and uses agree, no cause has two entries.")


@points.command()
@click.argument("line_user_id")
def history(line_user_id: str) -> None:
    """Explain the points of the customer with this LINE user id (U…), line by line, oldest first."""
    start(register)
    customer = customers.find_by_line_user(line_user_id)
    if customer is None:
        raise click.ClickException(f"{line_user_id} is no customer. It begins with U and is LINE's user id.")
    entries = ledger.history(customer.id, ALL)[::-1]
    used = ledger.lots_used([entry.id for entry in entries])
    people = {person.id: person.name for person in Staff.select(Staff.id, Staff.name)}
    by_id = {entry.id: entry for entry in entries}
    click.echo(f"{customer.display_name or 'お名前未取得'}さんのポイント（{line_user_id}）")
    balance = 0
    for entry in entries:
        balance += entry.points
        click.echo(_line(entry, balance))
        for detail in _details(entry, by_id, used.get(entry.id, []), people):
            click.echo(f"      {detail}")
    click.echo(f"いまの残高：{balance:,}ポイント")
    outlook = due_points.outlook(customer.id)
    if outlook.pending:
        click.echo(f"保留中：{outlook.pending:,}ポイント（最初は{outlook.pending_from}から使えます）")
    if outlook.expiring:
        click.echo(f"次の失効日：{outlook.expires_on}の終わり（{outlook.expiring:,}ポイント）")


def _line(entry: LedgerEntry, balance: int) -> str:
    moved = f"保留{entry.held:+,}" if entry.held and not entry.points else f"{entry.points:+,}"
    reason = reasons().reason(entry.action)
    return (
        f"#{entry.id} {entry.occurred_on}  {moved}  残高{balance:,}  {KINDS[EntryKind(entry.kind)]}：{reason}"
    )


def _details(
    entry: LedgerEntry,
    by_id: dict[int, LedgerEntry],
    used: list[tuple[LedgerEntry, int]],
    people: dict[int, str],
) -> list[str]:
    said = [f"きっかけ {entry.cause}・ルール {entry.rule_version}"]
    if entry.note:
        said.append(f"メモ：{entry.note}")
    if entry.staff_id is not None:
        said.append(f"担当：{people.get(entry.staff_id, f'スタッフ#{entry.staff_id}')}")
    if entry.reverses_id in by_id:
        said.append(f"#{entry.reverses_id}（{by_id[entry.reverses_id].occurred_on}）の分です")
    if entry.expires_on is not None:
        said.append(f"期限：{entry.expires_on}の終わりまで")
    said += [f"#{lot.id}（{lot.occurred_on}にたまった分）から{points:,}ポイント" for lot, points in used]
    debt = -entry.points - sum(points for _, points in used)
    if entry.points < 0 and debt > 0:
        day = localtime.today()
        said.append(f"{debt:,}ポイントは足りず、{day}の時点でマイナスとして持ち越しています")
    return said
