"""Decides what `script/test` runs, in which order, and what its result is worth.

Small parts come first. What could not run is told, and in CI (CI=true) it counts as a failure. How a test gets its
database or browser is for tests/conftest.py.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from script import browser, environment, postgres
from script.environment import ROOT
from script.results import Counts, Result, closing_line, read_report, table

IN_CI = os.environ.get("CI", "").lower() in {"true", "1"}
NOTHING_COLLECTED = 5  # pytest's exit code
SECONDS_FOR_ONE_PART = 600


@dataclass(frozen=True)
class Part:
    """One part of the run: commands, or a folder of tests."""

    name: str
    what: str
    commands: tuple[tuple[str, ...], ...] = ()
    folder: str = ""
    needs: frozenset[str] = field(default_factory=frozenset)
    processes: int = 0  # 0: in pytest's own process, which is quicker where tests are


STYLE = Part("style", "ruff check, ruff format", (("ruff", "check", "."), ("ruff", "format", "--check", ".")))
TYPES = Part("types", "mypy --strict", (("mypy", "--strict", "."),))
DATABASE, BROWSER = frozenset({"postgres"}), frozenset({"browser"})
TESTS = (
    Part("architecture", "who imports whom, what the project says of itself", folder="tests"),
    Part("unit", "rules over plain values", folder="tests/rules"),
    Part("conversations", "customer says, bot answers", folder="tests/conversations", processes=2),
    Part("storage", "on SQLite and PostgreSQL", folder="tests/storage", needs=DATABASE, processes=2),
    Part("console", "staff's and owner's pages", folder="tests/console", processes=2),
    Part("demo", "LINE in miniature", folder="tests/demo", processes=2),
    Part("doors", "strange and hostile input", folder="tests/doors", needs=DATABASE, processes=2),
    Part("faults", "crashes, refusals, bad input", folder="tests/faults", needs=DATABASE, processes=2),
    Part("browser", "phone and console in a browser", folder="tests/browser", needs=BROWSER, processes=2),
)


def parts() -> list[Part]:
    """All parts in their order. A folder of tests nobody listed is a part too, so that none is forgotten."""
    listed = {part.folder for part in TESTS}
    found = sorted({path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")})
    tops = sorted({"/".join(folder.split("/")[:2]) for folder in found} - listed)
    others = [Part(folder.removeprefix("tests/"), "more tests", folder=folder) for folder in tops]
    return [STYLE, TYPES, *TESTS[:2], *others, *TESTS[2:]]


class Run:
    """One call of script/test: what it started for the tests, and the environment they get."""

    def __init__(self, extra: list[str], stack: ExitStack) -> None:
        self.extra = extra
        self.stack = stack
        self.environ = environment.surroundings()
        self.provided: set[str] = set()

    def do_all(self, parts: list[Part]) -> list[Result]:
        """Run the parts and say how each went. Those that keep one core busy go first, two at a time."""
        small = [part for part in parts if not part.processes]
        pool = ThreadPoolExecutor(2)
        try:
            results = list(pool.map(self._do_and_tell_then, small))
        finally:
            pool.shutdown(cancel_futures=True)
        return results + [self._do(part) for part in parts if part.processes]

    def _do_and_tell_then(self, part: Part) -> Result:
        with tempfile.TemporaryFile("w+") as said:
            result = self._run(part, said)
            said.seek(0)
            print(f"{_heading(part)}\n{said.read()}", end="", flush=True)
        return result

    def _do(self, part: Part) -> Result:
        print(_heading(part), flush=True)
        for need in part.needs - self.provided:
            self.provided.add(need)
            self._provide(need)
        return self._run(part)

    def _run(self, part: Part, said: TextIO | None = None) -> Result:
        begun = time.monotonic()
        result = self._test(part, said) if part.folder else self._command(part, said)
        result.seconds = time.monotonic() - begun
        return result

    def _command(self, part: Part, said: TextIO | None) -> Result:
        codes = [self._start([str(environment.PYTHON), "-m", *command], said) for command in part.commands]
        return Result(part.name, "failed" if any(codes) else "passed", part.what)

    def _test(self, part: Part, said: TextIO | None) -> Result:
        files = sorted((ROOT / part.folder).glob("test_*.py" if part.folder == "tests" else "**/test_*.py"))
        if not files:
            print("   no tests yet", flush=True)
            return Result(part.name, "nothing", "no tests in " + part.folder)
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.xml"
            targets = (
                [str(file.relative_to(ROOT)) for file in files] if part.folder == "tests" else [part.folder]
            )
            spread = ["-n", str(part.processes), "--dist", "worksteal"] if part.processes else []
            command = [
                str(environment.PYTHON),
                "-m",
                "pytest",
                "-q",
                *targets,
                f"--junitxml={report}",
                *spread,
            ]
            code = self._start([*command, *self.extra], said)
            counts = read_report(report)
        if code not in {0, NOTHING_COLLECTED} and not counts.failed:
            counts = Counts(counts.passed, 1, counts.skips)  # pytest itself fell, so no test could tell
        missing = counts.missing()
        state = (
            "failed"
            if counts.failed
            else "incomplete"
            if missing
            else "passed"
            if counts.passed
            else "nothing"
        )
        return Result(part.name, state, part.what, counts=counts)

    def _start(self, command: list[str], said: TextIO | None) -> int:
        told: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": said, "stderr": said}
        with subprocess.Popen(command, cwd=ROOT, env=self.environ, **told) as process:
            try:
                return process.wait(SECONDS_FOR_ONE_PART)
            except subprocess.TimeoutExpired:
                print(f"   stopped: it ran for more than {SECONDS_FOR_ONE_PART} s", flush=True)
                process.send_signal(
                    signal.SIGINT
                )  # pytest then shows where it hung, and takes down what it started
                try:
                    return process.wait(20) or 1
                except subprocess.TimeoutExpired:
                    process.kill()
                    return 1

    def _provide(self, need: str) -> None:
        # What stays missing is told by the tests that wanted it: they skip, with the reason.
        if need == "browser":
            found = browser.find_or_install()
            print(f"   browser: {found or browser.MISSING}", flush=True)
            self.environ |= {"TEST_BROWSER": found} if found else {}
        elif need == "postgres":
            programs = postgres.find_or_install()
            print(f"   PostgreSQL: {programs or postgres.MISSING}", flush=True)
            if programs:
                self.environ["TEST_POSTGRES_URL"] = self.stack.enter_context(postgres.running(programs))


def main() -> int:
    """Run what was asked for; the exit code."""
    known = {part.name: part for part in parts()}
    arguments, extra = _split(sys.argv[1:])
    parser = argparse.ArgumentParser(
        prog="script/test",
        description="Runs every check, or only the parts named. What stands after -- goes to pytest.",
        epilog="parts: " + ", ".join(f"{part.name} ({part.what})" for part in known.values()),
    )
    parser.add_argument(
        "parts", nargs="*", metavar="part", help="one of the parts below; all when none is named"
    )
    wanted = parser.parse_args(arguments).parts or list(known)
    for name in wanted:
        if name not in known:
            parser.error(f"there is no part {name!r}; there are {', '.join(known)}")
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped, too
    try:
        environment.ready(environment.CHECKS)
        with ExitStack() as stack:
            run = Run(extra, stack)
            results = run.do_all([part for name, part in known.items() if name in wanted])
    except (environment.CannotSetUp, postgres.CannotStart) as lack:
        print(lack, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(table(results, time.monotonic() - begun))
    return verdict(results)


def verdict(results: list[Result]) -> int:
    """Say what the results are worth, and close with the counts; the exit code."""
    failed = [result.name for result in results if result.state == "failed"]
    incomplete = [result.name for result in results if result.state == "incomplete"]
    tested = [result for result in results if result.counts is not None]
    none_ran = bool(tested) and not any(
        result.counts.passed + result.counts.failed for result in tested if result.counts
    )
    if failed:
        print(f"Failed: {', '.join(failed)}.")
    if incomplete:
        print(
            f"Could not run wholly: {', '.join(incomplete)}." + (" In CI that is a failure." if IN_CI else "")
        )
    if none_ran:
        print("No test ran at all, which is a failure.")
    print(closing_line(results), flush=True)
    return int(bool(failed or none_ran or (IN_CI and incomplete)))


def _heading(part: Part) -> str:
    return f"\n── {part.name}: {part.what}"


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:at], arguments[at + 1 :]


if __name__ == "__main__":
    sys.exit(main())
