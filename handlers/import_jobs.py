"""Takes the owner's files in and undoes imports, a part at a time, so that the clock's other jobs do not wait.

The file stays open between two runs; a clock that was started again goes on after the last part
(`customers/imports/progress.py`). What undoing needs is `import_undo.py`'s.
"""

import time

from customers.csv.records import UnreadableFile
from customers.imports import imports, progress
from customers.imports.progress import OrderRun, OvertakenError
from customers.imports.tables import DataImport, ImportKind, ImportState
from customers.values.sentence import Sentence
from handlers import import_undo

SECONDS_AT_ONCE = 2.0
_open: OrderRun | None = None
GONE = Sentence(
    "ファイルが見つかりませんでした。もう一度取り込んでください。",
    "The file was not there any more. Give it again.",
)


def run_imports() -> int:
    """Go on with the oldest import that is open, for two seconds; how many parts were taken."""
    count, until = 0, time.monotonic() + SECONDS_AT_ONCE
    while time.monotonic() < until and (row := imports.next_open()) is not None:
        if not _step(row):
            break
        count += 1
    return count


def discard_old_files() -> int:
    """Delete files that were dropped into the page and never imported; how many."""
    return imports.discard_old()


def _step(row: DataImport) -> bool:
    """One part of that import; False when it cannot go on now."""
    if row.state == ImportState.UNDO:
        import_undo.begin(row)
        return True
    if row.state == ImportState.UNDOING:
        import_undo.step(row)
        return True
    try:
        if row.kind == ImportKind.PRODUCTS:
            progress.take_products(row)
        else:
            _orders(row)
    except UnreadableFile as unreadable:
        _close()
        progress.fail(row, unreadable)
    except FileNotFoundError:
        _close()
        progress.fail(row, UnreadableFile(GONE))
    except OvertakenError:
        _close()
        return False
    except BaseException:
        _close()  # what this process remembers of the file may be ahead of what is stored
        raise
    return True


def _orders(row: DataImport) -> None:
    global _open
    if _open is None or _open.row.id != row.id:
        _close()
        _open = OrderRun(row)
    if not _open.step():
        _close()


def _close() -> None:
    global _open
    if _open is not None:
        _open.close()
        _open = None
