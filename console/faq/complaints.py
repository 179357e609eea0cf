"""Says in the reader's language what is wrong with a FAQ entry. The rule, in Japanese, is `support/faq/file.py`."""

import re

from console.shell.translation import N_, gettext

_KNOWN = {
    N_("質問が空です。"),
    N_("回答が空です。"),
    N_("質問が%(first)s文字あります。%(second)s文字以内にしてください。"),
    N_("回答が%(first)s文字あります。%(second)s文字以内にしてください。"),
    N_("タグが長すぎます。%(first)s文字以内にしてください。"),
    N_("言い換えが%(first)s個あります。%(second)s個以内にしてください。"),
    N_("長すぎる言い換えがあります。%(first)s文字以内にしてください。"),
}
_NAMES = ("first", "second")
_NUMBER = re.compile(r"\d+")


def in_words(complaint: str) -> str:
    """That complaint; one that is not known here stays as it is."""
    numbers = _NUMBER.findall(complaint)[: len(_NAMES)]
    values = dict(zip(_NAMES, numbers, strict=False))
    template = complaint
    for name, number in values.items():
        template = template.replace(number, f"%({name})s", 1)
    return gettext(template, **values) if template in _KNOWN else complaint
