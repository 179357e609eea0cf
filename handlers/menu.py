"""メニュー, やめる, 配信停止: the way out of everything."""

from bot import conversations
from bot.events import PostbackReceived, TextReceived
from bot.routing import Answer, on_postback, on_text
from customers import customer as customers
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


@on_text("配信停止", "配信を停止", "配信停止希望", "お知らせ停止")
def messages_declined(event: TextReceived) -> Answer:
    """Nothing is sent unasked any more; what they ask is still answered."""
    customers.opt_out(customer_of(event))
    return messages.with_ways_on(messages.words().opted_out)


@on_text("配信再開", "配信を再開", "お知らせ再開")
def messages_wanted_again(event: TextReceived) -> Answer:
    """They may be written to again."""
    customers.opt_in(customer_of(event))
    return messages.with_ways_on(messages.words().opted_in)
