"""The repository fetches nothing from a registry, names no machine and leaves nothing undone.

The words are written in two pieces here, since this file is one of those it reads.
"""

import re

import pytest

from tests.project_files import ROOT, project_files

SAYINGS = {
    "fetches from elsewhere at run time": (
        r"unpk" r"g\.com",
        r"jsdeliv" r"r\.",
        r"cdnj" r"s\.",
        r"\bcd" r"n\.[a-z0-9-]+\.(com|net|org|io|dev)",
        r"googleap" r"is\.com",
        r"gstat" r"ic\.com",
        r"esm\.s" r"h/",
    ),
    "names a package registry": (
        r"py" r"pi\.(org|python)",
        r"pythonho" r"sted\.org",
        r"registry\.np" r"mjs",
        r"(deb|security|ftp)\.debi" r"an\.org",
    ),
    "names a folder of one machine": (
        r"(?<![\w.])/wo" r"rk/",
        r"(?<![\w.])/ro" r"ot/",
        r"(?<![\w.])/ho" r"me/\w+/",
        r"(?<![\w.])/Use" r"rs/\w+/",
    ),
    "leaves something undone": (
        r"\bTO" r"DO\b",
        r"\bFIX" r"ME\b",
        r"\bX" r"XX\b",
        r"\bNotImplemented" r"Error\b",
        r"(?i)coming so" r"on",
        r"準備" r"中",
    ),
}


def test_the_project_speaks_of_itself_alone() -> None:
    found = []
    for path in project_files():
        try:
            text = (ROOT / path).read_text("utf-8")
        except UnicodeDecodeError:
            continue  # pictures and fonts are not text
        for fault, patterns in SAYINGS.items():
            found += [
                f"{path}:{number} {fault}: {line.strip()[:100]}"
                for each in patterns
                if re.search(each, text)  # most files hold none, so they are searched as a whole first
                for number, line in enumerate(text.splitlines(), 1)
                if re.search(each, line)
            ]
    if found:
        pytest.fail("\n".join(found), pytrace=False)
