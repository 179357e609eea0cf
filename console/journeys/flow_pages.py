"""What the pages of flows share: finding a flow, what of it is shown and edited, and its faults in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort
from werkzeug.wrappers import Response

from console.auth import access_control
from console.shell.translation import gettext, reads_english
from journeys.flows import stock
from journeys.flows.check import Fault, Severity
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import Flow
from rewards.coupons import reward_list

MOST_FAULTS = 10
"""How many faults a page names at once."""
_PICTURES = access_control.CONTENT_SECURITY_POLICY.replace(
    "img-src 'self' data:", "img-src 'self' data: https:"
)


@dataclass(frozen=True, slots=True)
class ShownFault:
    """A fault that the check found."""

    step_key: str | None
    sentence: str
    is_error: bool
    """Whether the flow cannot be switched on with it."""


def found(key: str) -> Flow:
    """The flow with that key, or the shipped draft; 404 when there is none."""
    return stock.find(key) or abort(404)


def edited(flow: Flow) -> FlowDefinition:
    """What the editor shows: the draft, else what is published."""
    return stock.draft_of(flow) or stock.definition_of(flow)


def faults(flow: Flow) -> list[ShownFault]:
    """What the check finds in what the editor shows, in the reader's language."""
    return in_words(stock.faults_of(flow))


def in_words(found_faults: Sequence[Fault]) -> list[ShownFault]:
    """Faults in the reader's language."""
    english = reads_english()
    return [
        ShownFault(
            each.step_key,
            each.sentence_en if english else each.sentence_ja,
            each.severity is Severity.ERROR,
        )
        for each in found_faults
    ]


def coupons() -> Mapping[str, str]:
    """The coupons that a step may give, by their id as the form holds it."""
    rewards = reward_list.all_rewards()
    named = {
        str(each.id): each.name if each.active else gettext("%(name)s（停止中）", name=each.name)
        for each in rewards
    }
    return {"": gettext("（なし）"), **named}


def with_pictures(page: str, status: int = 200) -> Response:
    """The page, on which the phone may load the pictures of the flow's messages from where they are."""
    answer = Response(page, status, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = _PICTURES
    return answer
