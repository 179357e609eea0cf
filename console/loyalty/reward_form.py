"""Reads the form of a reward: a draft, or a sentence for each field that cannot be taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from console.shell.translation import N_, gettext
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Reward
from rewards.ranks.rules import Rank

LARGEST = 10_000_000
LONGEST_NAME, LONGEST_TEXT = 40, 200
FIELDS = {
    "name": N_("名前"),
    "kind": N_("種類"),
    "value_text": N_("内容"),
    "value_yen": N_("特典の価値（円）"),
    "is_discount": N_("自店の商品の値引き"),
    "points_price": N_("必要なポイント"),
    "stock": N_("用意する数"),
    "per_customer": N_("おひとり何回まで"),
    "starts_on": N_("はじまりの日"),
    "ends_on": N_("おわりの日"),
    "minimum_rank": N_("もらえるランク"),
    "valid_days": N_("使える日数"),
}


@dataclass(slots=True)
class ReadReward:
    """What the form says; without a draft where something in it cannot be taken."""

    draft: RewardDraft | None = None
    wrong: dict[str, str] = field(default_factory=dict)


def read(form: Mapping[str, str], kind: RewardKind | None = None) -> ReadReward:
    """The reward as typed; the kind is fixed where the reward exists."""
    reader = _Reader(form)
    chosen = kind or reader.kind()
    price = reader.number("points_price", least=0) or 0
    if chosen is RewardKind.EXCHANGE and not price and "points_price" not in reader.wrong:
        reader.wrong["points_price"] = gettext("ポイントと交換する特典には、必要なポイントを入れてください。")
    starts_on, ends_on = reader.day("starts_on"), reader.day("ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        reader.wrong["ends_on"] = gettext("おわりの日が、はじまりの日より前になっています。")
    values = {
        "name": reader.text("name", LONGEST_NAME),
        "value_text": reader.text("value_text", LONGEST_TEXT),
        "value_yen": reader.number("value_yen", least=0, required=True) or 0,
        "stock": reader.number("stock", least=1),
        "per_customer": reader.number("per_customer", least=1),
        "minimum_rank": Rank(reader.number("minimum_rank", least=1, most=4) or 1),
        "valid_days": reader.number("valid_days", least=1, most=3650) or 90,
    }
    if reader.wrong or chosen is None:
        in_order = {name: reader.wrong[name] for name in FIELDS if name in reader.wrong}
        return ReadReward(None, in_order)
    draft = RewardDraft(
        kind=chosen,
        is_discount=form.get("is_discount") == "1",
        points_price=price,
        starts_on=starts_on,
        ends_on=ends_on,
        **values,  # type: ignore[arg-type] # each by its own reader
    )
    return ReadReward(draft)


def of_reward(reward: Reward) -> dict[str, str]:
    """A reward's terms as its form holds them."""
    values = {name: getattr(reward, name) for name in FIELDS}
    shown = {name: "" if value is None else str(value) for name, value in values.items()}
    return shown | {"is_discount": "1" if reward.is_discount else ""}


def field_in_words(name: str) -> str:
    """The name of a field."""
    return gettext(FIELDS[name])


def kind_in_words(kind: str) -> str:
    """How customers get the reward, in the reader's language."""
    return {
        RewardKind.EXCHANGE: gettext("ポイントと交換"),
        RewardKind.FIRST_PURCHASE: gettext("はじめてのお買い物"),
        RewardKind.RANK: gettext("ランクが上がったとき"),
        RewardKind.BIRTHDAY: gettext("お誕生日"),
        RewardKind.THANK_YOU: gettext("スタッフからのお礼"),
    }[RewardKind(kind)]


class _Reader:
    """Reads single fields, and collects what is wrong."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self.form = form
        self.wrong: dict[str, str] = {}

    def kind(self) -> RewardKind | None:
        typed = self.form.get("kind", "")
        if typed in set(RewardKind):
            return RewardKind(typed)
        self.wrong["kind"] = gettext("種類を選んでください。")
        return None

    def text(self, name: str, longest: int) -> str:
        value = " ".join(self.form.get(name, "").split())
        if not value or len(value) > longest:
            self._add(
                name,
                lambda: gettext(
                    "%(label)sは、1文字から%(longest)d文字で入れてください。",
                    **self._of(name, longest=longest),
                ),
            )
        return value

    def number(self, name: str, *, least: int, most: int = LARGEST, required: bool = False) -> int | None:
        value = self.form.get(name, "").strip().replace(",", "")
        if not value and not required:
            return None
        if not (value.isdecimal() and len(value) <= len(str(most)) and least <= int(value) <= most):
            self._add(
                name,
                lambda: gettext(
                    "%(label)sは、%(least)dから%(most)dの数字で入れてください。",
                    **self._of(name, least=least, most=most),
                ),
            )
            return None
        return int(value)

    def day(self, name: str) -> date | None:
        value = self.form.get(name, "").strip()
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self._add(name, lambda: gettext("%(label)sが日付になっていません。", **self._of(name)))
            return None

    def _of(self, name: str, **values: int) -> dict[str, object]:
        return {"label": field_in_words(name), **values}

    def _add(self, name: str, sentence: Callable[[], str]) -> None:
        self.wrong[name] = sentence()
