"""Answers 「メニュー」, 「やめる」, 「配信停止」 and 「配信再開」, which work in every state."""

from bot import conversations
from bot.line import messages as line
from bot.routing.events import PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes, plain
from customers.people import customer as customers
from handlers import chat_words, exchanges, fallback, flow_triggers, replies, testimonials
from handlers.event_customer import record_activity
from handlers.tickets import reply_while_with_staff
from journeys.enrolments import goals_and_exits

routes = Routes()


@routes.on_text("メニュー", "めにゅー", "menu", "ヘルプ", "help")
@routes.on_postback("menu")
def menu_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """Show everything the bot can do, and close any open exchange."""
    record_activity(event)
    conversations.stop_waiting(event.conversation_id)
    return [replies.menu()]


@routes.on_text("やめる", "やめておく", "戻る", "もどる")
def stop_asked_for(event: TextReceived) -> Answer:
    """Close the open exchange and offer the menu. Where none is open and staff have the chat, the text is for
    them."""
    if event.exchange is None:
        to_staff = reply_while_with_staff(event, record_activity(event))
        return replies.with_ways_on(chat_words.words().nothing_to_stop) if to_staff is None else to_staff
    record_activity(event)
    conversations.stop_waiting(event.conversation_id)
    return replies.with_ways_on(chat_words.words().stopped)


NO_THANKS = (
    "いいえ",
    "結構です",
    "けっこうです",
    "いいです",
    "もういい",
    "もういいです",
    "大丈夫です",
    "いりません",
    "不要です",
)
NOT_NOW = (
    "あとで",
    "後で",
    "あとにします",
    "また今度",
    "今度にします",
    "今はいい",
    "今はいいです",
    "やめたい",
    "やめたいです",
)


@routes.on_text("やめます", "キャンセル", *NO_THANKS, *NOT_NOW)
def cancel_asked_for(event: TextReceived) -> Answer:
    """Close the open exchange. Where none is open, an order or a subscription is meant: handle it as a
    question. In the picture step of a testimonial, it goes on without a picture."""
    if event.exchange is None:
        return fallback.text_received(event)
    if event.exchange.kind == exchanges.TESTIMONIAL_PICTURE and plain(event.text) in (*NO_THANKS, *NOT_NOW):
        return testimonials.skip_picture(event)
    return stop_asked_for(event)


@routes.on_text("配信停止", "配信を停止", "配信停止希望", "お知らせ停止")
def messages_declined(event: TextReceived) -> Answer:
    """Opt the customer out of unasked messages and close any open exchange; their questions are still answered."""
    conversations.stop_waiting(event.conversation_id)
    customer = customers.opt_out(record_activity(event))
    flow_triggers.leave(customer, goals_and_exits.OPTED_OUT)
    return [line.text(chat_words.words().opted_out, [line.say(chat_words.words().opt_in_button, "配信再開")])]


@routes.on_text("配信再開", "配信を再開", "お知らせ再開")
def messages_resumed(event: TextReceived) -> Answer:
    """Opt the customer in again."""
    customers.opt_in(record_activity(event))
    return replies.with_ways_on(chat_words.words().opted_in)
