"""Hypothesis strategies of steps and flows that the file format permits."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from journeys.flows.definition import FlowDefinition
from journeys.flows.occurrences import On

keys = st.from_regex(r"[a-z0-9][a-z0-9-]{0,59}", fullmatch=True).filter(lambda key: key != "end")
printed = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n")
addresses = st.from_regex(r"https://[a-z]{1,20}\.jp/[a-zA-Z0-9/_-]{0,900}", fullmatch=True)
tags = st.text(st.sampled_from("気になるabc -9"), min_size=1, max_size=20)
labels = st.text(printed, min_size=1, max_size=20).filter(str.strip)


def texts(longest: int) -> st.SearchStrategy[str]:
    """Texts as owners write them, with and without placeholders, now and then very long ones."""
    written = st.text(printed, max_size=40)
    parts = st.sampled_from(
        ["{name}さん、", "{shop}", "{名前}", "{", "}", "😀", "ありがとう！\n", '"""', "\\n", "#"]
    )
    long = st.builds(lambda text, times: (text * times)[:longest], written, st.integers(1, longest))
    return st.one_of(st.lists(st.one_of(written, parts), max_size=6).map("".join), long).map(
        lambda t: t[:longest]
    )


def either(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A table with any of these keys."""
    return st.fixed_dictionaries({}, optional=parts)


links = st.fixed_dictionaries({"label": labels, "url": addresses})
buttons = st.one_of(
    st.fixed_dictionaries({"label": labels, "tag": tags}),
    links,
    st.fixed_dictionaries(
        {"label": labels, "say": st.text(printed, min_size=1, max_size=300).filter(str.strip)}
    ),
)
waits = st.one_of(
    either(days=st.integers(0, 3650), at=st.sampled_from(["00:00", "11:00", "23:59"])),
    st.fixed_dictionaries({"until": st.sampled_from([On.ORDER, On.CLICK]), "days": st.integers(1, 90)}),
    st.fixed_dictionaries({"until": st.just(On.TAG), "tag": tags, "days": st.integers(1, 90)}),
    st.fixed_dictionaries({"date": st.dates(date(2026, 1, 1), date(2030, 1, 1))}),
    st.fixed_dictionaries({"repurchase": st.just(True), "days": st.integers(0, 90)}),
)
conditions: st.SearchStrategy[dict[str, Any]] = st.recursive(
    either(
        rank=st.sampled_from(["basic", "ambassador"]),
        min_rank=st.just("active"),
        segment=st.just("promoter"),
        min_score=st.integers(0, 10),
        tag=tags,
        not_tag=tags,
        clicked=keys,
        bought=st.booleans(),
        bought_products=st.lists(tags, max_size=2),
    ),
    lambda inner: either(any=st.lists(inner, min_size=1, max_size=2), min_orders=st.integers(0, 9)),
    max_leaves=3,
)
variants = st.fixed_dictionaries(
    {"key": keys.filter(lambda key: key != "a")},
    optional={
        "text": texts(5000),
        "picture": addresses,
        "buttons": st.lists(buttons, max_size=2),
        "link": links,
    },
)
steps = st.fixed_dictionaries(
    {"key": keys},
    optional={
        "wait": waits,
        "when": conditions,
        "otherwise": keys,
        "then": keys,
        "class": st.sampled_from(["order", "care", "selling"]),
        "latest_days": st.integers(0, 30),
        "when_busy": st.sampled_from(["defer", "skip"]),
        "text": texts(5000),
        "picture": addresses,
        "card": either(title=texts(60), text=texts(500), picture=addresses),
        "buttons": st.lists(buttons, max_size=4),
        "link": links,
        "video": links,
        "coupon": st.integers(1, 99),
        "testimonial": st.just("newest"),
        "recommend": st.sampled_from(["history", "premium"]),
        "set_tags": st.lists(tags, max_size=2),
        "remove_tags": st.lists(tags, max_size=2),
        "note": texts(500),
        "variant": st.lists(variants, max_size=3, unique_by=lambda each: str(each["key"])),
    },
)
events = st.one_of(
    st.fixed_dictionaries({"on": st.sampled_from([On.FOLLOW, On.BIRTHDAY, On.HAND])}),
    st.fixed_dictionaries(
        {"on": st.just(On.ORDER)}, optional={"nth": st.integers(1, 9), "products": st.lists(tags, max_size=2)}
    ),
    st.fixed_dictionaries({"on": st.just(On.SCORE), "min_score": st.integers(0, 10)}),
    st.fixed_dictionaries({"on": st.just(On.TAG), "tag": tags}),
    st.fixed_dictionaries({"on": st.just(On.RECENCY), "days": st.integers(0, 99)}),
)
flows: st.SearchStrategy[FlowDefinition] = st.fixed_dictionaries(
    {
        "key": keys,
        "name": st.text(printed, min_size=1, max_size=120),
        "trigger": events,
        "step": st.lists(steps, min_size=1, max_size=4, unique_by=lambda step: step["key"]),
    },
    optional={
        "class": st.sampled_from(["order", "care", "selling"]),
        "entry": st.one_of(
            st.sampled_from(["once", "each-order"]),
            st.fixed_dictionaries({"again_after_days": st.integers(1, 999)}),
        ),
        "goal": events,
        "calm_days": st.integers(0, 90),
        "holdout_percent": st.none() | st.integers(0, 90),
        "outcome_days": st.integers(1, 365),
    },
).map(FlowDefinition.model_validate)
