"""Words what is wrong with shop.toml, in both languages: the key, why, and a valid example."""

import difflib
from collections.abc import Iterable
from pathlib import Path

from bot.text.two_languages import Sentence, both


def not_toml(path: Path | None, error: Exception) -> Sentence:
    """The text cannot be parsed; `path` is None for one that was typed."""
    if path is None:
        return both(
            "This is not TOML: {error}. Example of a line: review_day = 1",
            "TOMLとして読めません: {error}。正しい行の例: review_day = 1",
            error=error,
        )
    return both(
        "{path} is not TOML (UTF-8): {error}. Example of a line: question_after_days = 14",
        "{path} をTOML（UTF-8）として読めません: {error}。正しい行の例: question_after_days = 14",
        path=path,
        error=error,
    )


def not_there(path: Path) -> Sentence:
    """SHOP_TOML leads nowhere."""
    return both(
        "SHOP_TOML names {path}, which is not there.",
        "SHOP_TOML にある {path} が見つかりません。場所を直すか、SHOP_TOML を消してください。",
        path=path,
    )


def unreadable(path: Path, error: OSError) -> Sentence:
    """The file cannot be read."""
    return both(
        "SHOP_TOML names {path}, which cannot be read: {why}.",
        "SHOP_TOML にある {path} を読めません（{why}）。ファイルの権限を確かめてください。",
        path=path,
        why=error.strerror,
    )


def unknown_table(name: str, known: Iterable[str]) -> Sentence:
    """A table that no domain declared."""
    return both(
        "shop.toml: [{name}] is not known.{hint}",
        "shop.toml: [{name}] という項目はありません。{hint}",
        name=name,
        hint=_did_you_mean(name, known),
    )


def unknown_key(name: str, key: str, known: Iterable[str]) -> Sentence:
    """A key that its table does not have."""
    return both(
        "shop.toml: {key} in [{name}] is not known.{hint}",
        "shop.toml: [{name}] に {key} という項目はありません。{hint}",
        name=name,
        key=key,
        hint=_did_you_mean(key, known),
    )


def outside_tables(key: str) -> Sentence:
    """A key above the first table."""
    return both(
        "shop.toml: {key} stands outside every [table]. Put it below one, as in [survey].",
        "shop.toml: {key} が、どの [項目] の下にもありません。[survey] のような行の下に書いてください。",
        key=key,
    )


def of_table(name: str, reason: Sentence) -> Sentence:
    """Values of the table that do not fit together."""
    return both("shop.toml: [{name}] {reason}.", "shop.toml: [{name}] {reason}。", name=name, reason=reason)


def of_value(name: str, key: str, reason: Sentence, example: str) -> Sentence:
    """One value that cannot be used."""
    return both(
        "shop.toml: {key} in [{name}] cannot be used: {reason}. Example: {key} = {example}",
        "shop.toml: [{name}] の {key} の値が使えません: {reason}。例: {key} = {example}",
        name=name,
        key=key,
        reason=reason,
        example=example,
    )


def unknown_placeholder(key: str, unknown: str, known: Iterable[str]) -> Sentence:
    """A sentence to customers with a placeholder that it does not know."""
    names = "、".join(f"{{{each}}}" for each in sorted(known))
    return both(
        "{key}: unknown placeholder {{{unknown}}}; this text knows {known}",
        "{key}: {{{unknown}}} は使えません。この文で使えるもの: {known}",
        key=key,
        unknown=unknown,
        known=names or Sentence("none", "なし"),
    )


def single_brace(text: str) -> Sentence:
    """A brace that opens or closes nothing."""
    return both(
        "a brace stands alone in {text!r}; write {{{{ or }}}} for a brace itself",
        "{text!r} のかっこが片方だけです。かっこそのものは {{{{ か }}}} と書きます",
        text=text,
    )


def _did_you_mean(word: str, known: Iterable[str]) -> Sentence:
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1)
    if close:
        return both(" Did you mean {close}?", "もしかして {close} ですか。", close=close[0])
    return both(" Known: {names}.", "使えるのは {names} です。", names=", ".join(names))
