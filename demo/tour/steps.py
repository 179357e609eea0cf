"""The steps of the tour, in Japanese and English: from a customer's answer to what the owner makes of it."""

from collections.abc import Callable

from demo.phone.tour import Step, Tour, Words
from demo.tour.progress import Progress

WEEK = "week"


def tour(promoter: str, detractor: str, page_as: Callable[[str, str], str], progress: Progress) -> Tour:
    """The tour of a demo with this progress."""
    return Tour(steps(promoter, detractor, page_as), done=progress.done, mark=progress.mark)


def steps(promoter: str, detractor: str, page_as: Callable[[str, str], str]) -> tuple[Step, ...]:
    """The steps for these two persons (LINE user ids) of the sample shop, 佐藤 美咲 and 高橋 恵. `page_as` is the
    address that signs somebody of a role in and opens a page of the console."""
    return (
        Step(
            key="score",
            role="customer",
            act="chat",
            who=promoter,
            ja=Words(
                "質問に答える",
                "佐藤 美咲さんになって、トークに届いた質問の「10」を押してみてください。"
                "お礼のポイントが届き、お友達の紹介をお願いされます。",
                "美咲さんのトークをひらく",
            ),
            en=Words(
                "Answer the question",
                "You are Misaki Sato (佐藤 美咲), a happy customer. Tap 10 in the question on the phone: she gets "
                "points and is asked to bring a friend.",
                "Open Misaki’s chat",
            ),
        ),
        Step(
            key="order",
            role="customer",
            act="buy",
            who=promoter,
            ja=Words(
                "買い物をする",
                "美咲さんが、はちみつ石けんを買います。ご注文のお知らせとポイントが、すぐにトークに届きます。",
                "石けんを買う",
            ),
            en=Words(
                "Buy something",
                "Misaki buys a honey soap. A card says at once that the order was received, and what it earned.",
                "Buy the soap",
            ),
        ),
        Step(
            key="low",
            role="customer",
            act="chat",
            who=detractor,
            ja=Words(
                "不満を伝える",
                "高橋 恵さんになって、質問の「2」を押し、気になったことをひとこと書いてください。"
                "おわびの返事が届き、スタッフの順番に入ります。",
                "恵さんのトークをひらく",
            ),
            en=Words(
                "Be unhappy",
                "You are Megumi Takahashi (高橋 恵). Tap 2, then write what was wrong. She gets an apology, and her "
                "chat is queued for staff.",
                "Open Megumi’s chat",
            ),
        ),
        Step(
            key="reply",
            role="staff",
            act="page",
            url=page_as("staff", "tickets"),
            ja=Words(
                "スタッフとして返事をする",
                "スタッフの画面で恵さんのチャットをひらき、返事を送ってください。恵さんのスマートフォンにすぐ届きます。",
                "スタッフの画面をひらく",
            ),
            en=Words(
                "Reply as staff",
                "Open Megumi’s chat (高橋 恵) in the console and send a reply. It reaches her phone at once.",
                "Open the console as staff",
            ),
        ),
        Step(
            key=WEEK,
            role="customer",
            act="travel",
            who=promoter,
            ja=Words(
                "1週間すすめる",
                "お店の時計を1週間すすめます。発送とお届けのお知らせや、ステップ配信が、ひとりでに届きます。",
                "1週間すすめる",
            ),
            en=Words(
                "Let a week pass",
                "The shop’s clock goes on by a week. Word of the parcel and the steps of flows arrive by themselves.",
                "Let a week pass",
            ),
        ),
        Step(
            key="today",
            role="owner",
            act="open",
            url=page_as("owner", "today"),
            ja=Words(
                "オーナーの朝",
                "「今日」の画面に、今日やることが大事な順に並びます。気になるものをひとつ、ひらいてみてください。",
                "オーナーの画面をひらく",
            ),
            en=Words(
                "The owner’s morning",
                "What to do today, the most important first. Open one of them.",
                "Open the console as owner",
            ),
        ),
        Step(
            key="figures",
            role="owner",
            act="open",
            url=page_as("owner", "figures"),
            ja=Words(
                "数字を見る",
                "NPS、LTV、紹介した人。さきほどの「10」と「2」も入っています。数字を押すと、その人たちが出ます。",
                "数字のページをひらく",
            ),
            en=Words(
                "See the figures",
                "NPS, LTV, who brought friends: the 10 and the 2 are in them. Press a number to see its people.",
                "Open the figures",
            ),
        ),
        Step(
            key="costs",
            role="owner",
            act="open",
            url=page_as("owner", "messages"),
            ja=Words(
                "配信の費用を確かめる",
                "返信は無料で、こちらから送るものだけに費用がかかります。送ったもの、かかった円、そのあとの注文がここに並びます。",
                "配信の費用をひらく",
            ),
            en=Words(
                "See what it cost",
                "Replies are free; only what the shop sends unasked costs. Here is each message, its yen, and the "
                "orders that followed.",
                "Open the costs",
            ),
        ),
    )
