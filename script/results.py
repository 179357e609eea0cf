"""Counts and prints results: reads pytest's reports, formats the closing table and the closing line.

What is run, and what the exit code is, is left to checks.py.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from script.environment import ROOT

# LINE's official files and others' questions lie beside a checkout where they may be used and are no part of the
# project: a skip that names them is no fault where they are absent.
BESIDE = "../shared"
# Programs that check the files of docs/hosting.md where a machine has them; neither product nor tests need them.
WITHOUT_A_TOOL = tuple(f"{tool} is not here" for tool in ("caddy", "shellcheck", "systemd-analyze"))
OFFICIAL_FILES = f"{BESIDE}/line"
NOT_BESIDE = (
    f"{BESIDE} is not here: LINE's official files and others' questions are no part of the project. Messages were "
    "checked by demo/line/limits.py alone"
)
STATES = {"passed": "passed", "failed": "FAILED", "incomplete": "INCOMPLETE", "nothing": "nothing to run"}


@dataclass(frozen=True)
class Counts:
    """How the tests of one part went; `skips` counts them by reason."""

    passed: int = 0
    failed: int = 0
    skips: Counter[str] = field(default_factory=Counter)

    def missing(self) -> list[str]:
        """The reasons of skips that a better equipped machine would not have."""
        return [reason for reason in self.skips if not is_no_fault(reason)]


@dataclass
class Result:
    """How one part went; `counts` only where it was tests."""

    name: str
    state: str
    what: str
    seconds: float = 0.0
    counts: Counts | None = None


def read_report(report: Path) -> Counts:
    """Count a report that pytest wrote in JUnit's format; all zero when it wrote none."""
    try:
        cases = list(ElementTree.parse(report).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return Counts()
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skips = Counter(
        skip.get("message") or "no reason given"
        for skip in (case.find("skipped") for case in cases)
        if skip is not None
    )
    return Counts(len(cases) - failed - skips.total(), failed, skips)


def table(results: list[Result], seconds: float) -> str:
    """What ran, how it went and how long it took; under each part what did not run, and why."""
    lines = ["", f"{'part':<15}{'result':<16}{'time':>8}   tests"]
    for result in results:
        counted = _counted(result.counts) if result.counts else result.what
        lines.append(f"{result.name:<15}{STATES[result.state]:<16}{result.seconds:>6.1f} s   {counted}")
        for reason, count in (result.counts.skips if result.counts else Counter()).most_common():
            if not is_no_fault(reason):
                lines.append(f"{'':<15}did not run: {count} × {reason}")
    lines += _no_faults(results)
    return "\n".join([*lines, f"{'together':<31}{seconds:>6.1f} s", ""])


def is_no_fault(reason: str) -> bool:
    """Whether a skip is due to what only some checkouts or machines have, and nothing of the product needs."""
    return reason in WITHOUT_A_TOOL or _is_beside(reason)


def _is_beside(reason: str) -> bool:
    return BESIDE in reason and not (ROOT / BESIDE).exists()


def _no_faults(results: list[Result]) -> list[str]:
    """One line for all parts, since it is one cause."""
    skips = [each for result in results if result.counts for each in result.counts.skips.items()]
    count = sum(number for reason, number in skips if _is_beside(reason))
    tools = [f"did not run: {number} × {reason}" for reason, number in skips if reason in WITHOUT_A_TOOL]
    return ([f"did not run: {count} × {NOT_BESIDE}"] if count else []) + tools


def closing_line(results: list[Result]) -> str:
    """All tests of all parts in one plain line."""
    counts = [result.counts for result in results if result.counts]
    passed, failed = sum(each.passed for each in counts), sum(each.failed for each in counts)
    return f"{passed} passed, {failed} failed, {sum(each.skips.total() for each in counts)} skipped"


def _counted(counts: Counts) -> str:
    return f"{counts.passed} passed" + (f", {counts.failed} failed" if counts.failed else "")
