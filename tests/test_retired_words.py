"""Keeps retired private words out of identifiers and file names: the project speaks in the field's own words.

Looks at names in Python, JavaScript and CSS, at expressions of templates, and at the names of files and folders. What
is said in texts, docstrings and comments is left to whoever reads them. docs/glossary.md has the words used instead.
"""

import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.project_files import ROOT, project_files

PLAIN = {
    "told": "payload, order, reversal, notified_at",
    "tell": "notify, reply, put",
    "tells": "notifies, says",
    "telling": "source, message",
    "talk": "conversation (in the console: chat), replies",
    "talks": "conversations, chats",
    "talked": "wrote",
    "talking": "writing, with_staff",
    "owe": "put, request",
    "owes": "puts, requests",
    "owed": "outgoing, due, debt",
    "owing": "outgoing",
    "kept": "stored, cached",
    "matter": "ticket",
    "matters": "tickets, topics",
    "noticed": "dismissed, reported",
    "stuck": "failed, failed_jobs",
    "standing": "customer_rank, current, pending",
    "standings": "ranks",
    "look": "snapshot, view, check, scan",
    "looks": "snapshots, checks",
    "looked": "checked, scanned",
    "looking": "viewing, checking",
    "happening": "internal_event",
    "happenings": "internal_events",
    "sight": "image, first contact",
    "witness": "observer",
    "witnesses": "observers",
    "doorkeeper": "access_control",
    "lookout": "poll_lock",
    "everybody": "all, customers",
    "everybodys": "all, customers",
    "nights": "nightly_review, reviews",
    "town": "scenario",
    "courier": "webhook_sender",
    "powers": "controls",
    "trial": "simulation",
    "trials": "simulations",
    "voices": "testimonials (voice messages: audio)",
}
"""Each retired word, and what to write instead."""

TOGETHER = {("keep", "house"): "maintain, maintenance_loop", ("keeping", "house"): "maintenance"}
"""Words that are retired beside each other only."""

ALLOWED = {
    "told_a_day": "a key of shop.toml",
    "tell_points_taken_back": "a key of shop.toml",
    "fall_kept_by": "a key of shop.toml",
    "danger_told": "a key of shop.toml",
    "small_talk_back": "a key of shop.toml",
    "some_voices": "a key of shop.toml",
    "all_voices": "a key of shop.toml",
    "faq_look_through": "an endpoint that stands in the record of changes",
}
"""Names that stay, each with its reason."""

FILES_OF_PYTHON = {"bot/files/s3.py", "tests/storage/bot/test_webhook.py"}
"""Where `tell` is the method of a file object."""

NOT_RENAMED = ("bot/migrations/", "docs/pictures/")
"""What has run in a shop's database is not changed any more; a picture has the name of its page's address."""

PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
JS_TEXT = re.compile(
    r"//[^\n]*|/\*.*?\*/|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`", re.DOTALL
)
CSS_NAME = re.compile(r"[.#]([a-zA-Z][\w-]*)")
CSS_TEXT = re.compile(r"/\*.*?\*/|\{[^{}]*\}", re.DOTALL)
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
ATTRIBUTE = re.compile(r"\b(?:class|id)=\"([^\"{}]*)\"")
IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")

Found = tuple[int, str]
"""A line and a name on it."""


def retired(name: str) -> str | None:
    """The retired word in a name, if there is one: by its parts, in snake_case, kebab-case or CamelCase."""
    if name in ALLOWED:
        return None
    parts = [str(part).lower() for part in PART.findall(name)]
    for word in parts:
        if word in PLAIN:
            return word
    pairs = (pair for pair in pairwise(parts) if pair in TOGETHER)
    return next((" ".join(pair) for pair in pairs), None)


def instead(word: str) -> str:
    """What to write for it."""
    return PLAIN.get(word) or TOGETHER[(word.split()[0], word.split()[1])]


def names_of_python(text: str) -> Iterator[Found]:
    """Every name, except keywords. The expressions of f-strings are strings to the tokenizer, and use names only that
    are defined somewhere."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
            yield token.start[0], token.string


def names_of_script(text: str) -> Iterator[Found]:
    """Identifiers of JavaScript outside strings and comments, and those in the expressions of its templates."""

    def blank(match: re.Match[str]) -> str:
        inner = " ".join(re.findall(r"\$\{([^}]*)\}", match[0])) if match[0][0] == "`" else ""
        return inner + "\n" * match[0].count("\n")

    yield from by_line(JS_TEXT.sub(blank, text), IDENTIFIER)


def names_of_style(text: str) -> Iterator[Found]:
    """Classes and ids in the selectors of a stylesheet."""
    yield from by_line(CSS_TEXT.sub(lambda match: "\n" * match[0].count("\n"), text), CSS_NAME)


def names_of_template(text: str) -> Iterator[Found]:
    """Names in a template's expressions, and its classes and ids."""
    for match in EXPRESSION.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield from ((line, name) for name in IDENTIFIER.findall(QUOTED.sub("", match[0])))
    for match in ATTRIBUTE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield from ((line, name) for name in match[1].split())


def by_line(text: str, pattern: re.Pattern[str]) -> Iterator[Found]:
    """What the pattern finds, with its line."""
    for number, line in enumerate(text.splitlines(), 1):
        yield from ((number, match[match.re.groups]) for match in pattern.finditer(line))


READERS = {
    ".py": names_of_python,
    ".js": names_of_script,
    ".css": names_of_style,
    ".html": names_of_template,
}


def faults_of(path: Path, text: str) -> Iterator[str]:
    """A sentence for each retired word in the names of one file."""
    for number, name in READERS[path.suffix](text):
        word = None if name == "tell" and str(path) in FILES_OF_PYTHON else retired(name)
        if word is not None:
            yield f"{path}:{number}: `{name}` holds the retired word {word!r}; write {instead(word)}."


def texts() -> Iterator[tuple[Path, str]]:
    """The files that are read, with what is in them."""
    for path in project_files():
        if path.suffix in READERS and not str(path).startswith(NOT_RENAMED):
            yield path, (ROOT / path).read_text("utf-8")


def test_no_name_holds_a_retired_word() -> None:
    found = [fault for path, text in texts() for fault in faults_of(path, text)]
    if found:
        pytest.fail("\n".join(dict.fromkeys(found)), pytrace=False)


def test_every_exception_is_needed() -> None:
    whole = "\n".join(text for path, text in texts() if path.name != Path(__file__).name)
    unneeded = [name for name in ALLOWED if not re.search(rf"\b{name}\b", whole)]
    unneeded += [name for name in FILES_OF_PYTHON if not (ROOT / name).is_file()]
    assert not unneeded, f"Nothing is called so any more; take it out of this file: {unneeded}"


def test_no_file_is_called_by_a_retired_word() -> None:
    found = [
        f"{path}: the name holds the retired word {word!r}; write {instead(word)}."
        for path in project_files()
        if not str(path).startswith(NOT_RENAMED)
        for part in path.with_suffix("").parts
        if (word := retired(part)) is not None
    ]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("a.py", "def tell_owner() -> None: ...", "tell_owner"),
        ("a.py", "class OrderTold: ...", "OrderTold"),
        ("a.py", "KEPT_FOR = 3", "KEPT_FOR"),
        ("a.py", "self._keep_house()", "_keep_house"),
        ("a.js", "const allPowers = `${everybody()}`;", "everybody"),
        ("a.css", "a .matter-state { color: red }", "matter-state"),
        ("a.html", '<p class="talk">{{ x }}</p>', "talk"),
        ("a.html", "{% if figures.is_kept %}", "is_kept"),
    ],
)
def test_a_retired_word_is_found(path: str, text: str, name: str) -> None:
    assert any(f"`{name}`" in fault for fault in faults_of(Path(path), text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'keep("it was told"); outlook = told_a_day; stands = midnight  # told'),
        ("a.js", 'keep("powers"); // told'),
        ("a.css", ".note { background: url(look.png) } /* .talk */"),
        ("a.html", "<p>told {{ _('told') }}</p>"),
    ],
)
def test_what_is_no_such_name_is_left_alone(path: str, text: str) -> None:
    assert not list(faults_of(Path(path), text))
