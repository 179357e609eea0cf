"""メニュー and やめる: the way out of everything."""

from bot import conversations
from bot.events import PostbackReceived, TextReceived
from bot.routing import Answer, on_postback, on_text
from handlers import fallback, messages
from handlers.people import customer_of


@on_text("メニュー", "めにゅー", "menu", "ヘルプ", "help")
@on_postback("menu")
def menu_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """Everything the bot can do; whatever exchange was open is over."""
    customer_of(event)
    conversations.stop_waiting(event.conversation_id)
    return [messages.menu()]


@on_text("やめる", "やめておく", "戻る", "もどる")
def stop_asked_for(event: TextReceived) -> Answer:
    """Out of the exchange, with a way on."""
    customer_of(event)
    conversations.stop_waiting(event.conversation_id)
    words = messages.words()
    return messages.with_ways_on(words.stopped if event.exchange else words.nothing_to_stop)


@on_text("やめます", "キャンセル")
def cancel_asked_for(event: TextReceived) -> Answer:
    """Out of the exchange, if one is open; otherwise an order or a subscription is meant, a question like any other."""
    return stop_asked_for(event) if event.exchange else fallback.text_received(event)
