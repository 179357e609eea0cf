"""The guided tour beside the phone: its steps as JSON, and the links that open a page of the console and tick the step.
The steps themselves are the demo's (`demo/tour/`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect


@dataclass(frozen=True)
class Words:
    """A step in one language: its title, what to do, and the label of the button that does it or leads there."""

    title: str
    text: str
    action: str


@dataclass(frozen=True)
class Step:
    """One step. `role` is customer, staff or owner. `act`: `chat` opens the person's chat, `buy` orders for them,
    `travel` advances the clock by a week, `open` opens the page at `url`."""

    key: str
    role: str
    act: str
    ja: Words
    en: Words
    who: str = ""
    """The person's LINE user id; empty for a page."""
    url: str = ""


@dataclass(frozen=True)
class Tour:
    """The steps, which of them were done, and how to record that a step's page was opened."""

    steps: Sequence[Step]
    done: Callable[[], Sequence[str]]
    mark: Callable[[str], None]


def described(tour: Tour) -> list[dict[str, Any]]:
    """The steps for the page. A page is opened through this blueprint, so that its step is ticked."""
    return [
        {
            "key": step.key,
            "role": step.role,
            "act": step.act,
            "who": step.who,
            "url": f"/phone/tour/{step.key}" if step.url else "",
            "ja": vars(step.ja),
            "en": vars(step.en),
        }
        for step in tour.steps
    ]


def add_tour(pages: Blueprint, tour: Tour) -> None:
    """Add the URLs of the tour."""

    @pages.get("/api/tour")
    def progress() -> Response:
        return jsonify(done=list(tour.done()))

    @pages.get("/tour/<key>")
    def open_page(key: str) -> Any:
        step = next((each for each in tour.steps if each.key == key and each.url), None)
        if step is None:
            abort(404)
        if step.act == "open":
            tour.mark(key)
        return redirect(step.url, 303)
