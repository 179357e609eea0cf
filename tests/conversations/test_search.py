"""A message can be searched for as soon as it was handled, until the customer unsends it."""

from support.transcript import search
from tests.conversations.scenario import Scenario


def found(query: str) -> list[str]:
    return [line.text for line in search.search(query).lines]


def test_both_sides_are_found_as_they_are_now(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")
    misaki.causes("message", message={"id": "77", "type": "text", "text": "住所は台東区です"})
    misaki.causes("message", message={"id": "78", "type": "text", "text": "台東区ではなく墨田区です"})
    scenario.staff_say(misaki.ticket, "墨田区へお送りしますね")
    assert found("台東") == ["台東区ではなく墨田区です", "住所は台東区です"]
    misaki.causes("messageEdited", message={"id": "78", "type": "text", "text": "江東区です"})
    assert found("台東") == ["住所は台東区です"]
    assert found("江東") == ["江東区です"]
    misaki.causes("unsend", unsend={"messageId": "77"})
    assert found("台東") == []
    assert found("墨田区") == ["墨田区へお送りしますね"]
