"""The rich menu of each rank: its fields, which customer gets which menu, and publishing them to LINE."""

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path

from bot.config import settings, shop
from bot.db.database import write_transaction
from bot.line import messages as line
from bot.queue import menu_publishing, rich_menus
from bot.queue.rich_menus import Design, Line
from customers.people.customer import Customer
from handlers.chat_settings import ConversationRules
from handlers.menu_words import MenuWords
from rewards.cards import menu_viewers
from rewards.ranks.rules import Rank

CHUNK = 200


def design(rank: Rank) -> Design:
    """The rank's menu: picture, size and tap areas."""
    # Imported here because the drawing libraries take memory, and worker and clock never draw.
    from rewards.cards import rich_menu_picture
    from rewards.cards.rich_menu_picture import HEIGHT, WIDTH, Field

    labels = fields()
    areas = [
        {
            "bounds": {"x": place.x, "y": place.y, "width": place.width, "height": place.height},
            "action": line.say(word, said),
        }
        for place, (word, said, _, _) in zip(rich_menu_picture.bounds(len(labels)), labels, strict=True)
    ]
    picture = rich_menu_picture.png(
        settings.current().shop_name, rank, tuple(Field(word, below, icon) for word, _, below, icon in labels)
    )
    return Design(name_of(rank), shop.get(MenuWords).bar, WIDTH, HEIGHT, areas, picture)


def fields() -> list[tuple[str, str, str, str]]:
    """Each field's label, the text it sends, the smaller text below the label, and its icon. The member card is
    for shops with a store, where staff scan it."""
    say_it = shop.get(MenuWords)
    card = ("会員証", "会員証", say_it.member_card, "card")
    return [
        ("ご注文", "注文状況", say_it.orders, "parcel"),
        ("ポイント", "ポイント", say_it.points, "coin"),
        ("クーポン", "クーポン", say_it.coupons, "ticket"),
        *([card] if shop.get(ConversationRules).member_card_in_menu else []),
        ("お友達を紹介", "紹介", say_it.referral, "people"),
        ("よくある質問", "よくある質問", say_it.questions, "question"),
        ("スタッフと話す", "スタッフと話す", say_it.staff, "speech"),
    ]


def content() -> str:
    """Changes with the words on the menus and with how they are drawn; cheap, unlike drawing them."""
    drawing = find_spec("rewards.cards.rich_menu_picture")
    drawn_by = Path(drawing.origin).read_bytes() if drawing and drawing.origin else b""
    words = json.dumps([settings.current().shop_name, shop.get(MenuWords).bar, fields()], ensure_ascii=False)
    return hashlib.sha256(words.encode() + drawn_by).hexdigest()


def publish_if_changed() -> int:
    """The clock's job: ask for the menus to be published once their words or their drawing have changed."""
    return menu_publishing.ask_if_changed(content())


def name_of(rank: Rank) -> str:
    """The menu's name at LINE, which customers do not see."""
    return f"rank-{rank.name.lower()}"


def publish(api: Line) -> tuple[int, int, int]:
    """Publish every rank's menu to LINE, assign each customer theirs, and delete old menus; the count of each."""
    published = content()
    made = rich_menus.publish(api, [design(rank) for rank in Rank])
    given = sum(_give_all(api, rank) for rank in Rank)
    cleared = rich_menus.clear_old(api)
    menu_publishing.record_published(published)
    return sum(made.values()), given, cleared


def follow_rank(customer_id: int, rank: Rank) -> None:
    """Assign the menu of the customer's new rank."""
    conversation_id = Customer.select(Customer.conversation).where(Customer.id == customer_id).scalar()
    if conversation_id is not None:
        rich_menus.give(int(conversation_id), name_of(rank))


def catch_up() -> int:
    """The clock's job: assign the right menu to customers who have another rank's (after a fall, or a call
    LINE refused); how many."""
    count = 0
    for rank in Rank:
        menu_id = rich_menus.id_of(name_of(rank))
        if menu_id is None:
            continue
        with write_transaction():
            for conversation_id, _ in menu_viewers.without_menu(rank, menu_id, CHUNK):
                rich_menus.give(conversation_id, name_of(rank))
                count += 1
    return count


def _give_all(api: Line, rank: Rank) -> int:
    menu_id = str(rich_menus.id_of(name_of(rank)))
    count, last = 0, 0
    while chats := menu_viewers.without_menu(rank, menu_id, rich_menus.MOST_AT_ONCE, after=last):
        rich_menus.give_to_many(api, name_of(rank), chats)
        count, last = count + len(chats), chats[-1][0]
    return count
