"""Explains to a person why their password is refused, and what would be accepted."""

from console.auth.passwords import LONGEST, SHORTEST, Fault
from console.shell.translation import gettext


def in_words(fault: Fault) -> str:
    """The reason, in the reader's language."""
    match fault:
        case Fault.LENGTH:
            return gettext(
                "パスワードは%(shortest)d文字以上、%(longest)d文字以内にしてください。",
                shortest=SHORTEST,
                longest=LONGEST,
            )
        case Fault.OWN_WORDS:
            return gettext(
                "お名前・メールアドレス・お店の名前が中心のパスワードは、推測されます。"
                "関係のない言葉を3つ以上つなげてください（形の例: tsukimi-garasu-17-enpitsu）。"
            )
        case Fault.COMMON:
            return gettext(
                "よくある言葉やキーの並び、くり返し、日付のパスワードは、推測されます。"
                "関係のない言葉を3つ以上つなげる（形の例: tsukimi-garasu-17-enpitsu）か、"
                "ブラウザがすすめるパスワードを使ってください。"
            )
