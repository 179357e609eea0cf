"""Which words ask for a change of address, delivery or subscription; which deny it, tell of it, or ask for the way."""

import json
from pathlib import Path

import pytest

from support.listening import changes
from support.listening.folding import fold

MESSAGES = Path(__file__).parents[3] / "benchmarks" / "faq_messages.jsonl"

ASKED = {
    changes.ADDRESS: """
お届け先の住所を変更していただけますでしょうか
恐れ入りますが、配送先を会社に変更していただくことは可能ですか
住所変更お願いします
住所変更
住所変えたいんすけど
お届け先変えてもろてええですか
引っ越したので住所の変更をお願いします
住所を間違えて注文しました
じゅうしょまちがえました
番地入れ忘れた！直せますか
ｵﾄﾄﾞｹｻｷｦﾍﾝｺｳｼﾀｲ
届け先、実家に変えれます?
""",
    changes.DELIVERY: """
恐れ入りますが、お届け日を12月5日に変更していただくことは可能でしょうか
配達日変えたい
配達日の変更
受け取り日をずらしてほしい
おとどけ日かえてほしい
明日の配達、あさってにずらせます？
日にち変更お願いできますか
12/5に届くようにしてほしい
次の発送日を1週間ずらしたいです
受取日を変更しいたのですが
""",
    changes.SUBSCRIPTION: """
定期便の次回お届け日を変更していただけますでしょうか
定期やめる
定期便を解約したいです
定期一回休める?
定期、今月だけ飛ばしたい
ていきびんをおやすみしたい
次回の定期便を1か月後にずらしてください
定期便のお届け間隔を変えられますか？
定期の個数を増やしたい
カイヤクシタイ
まだ前のが余ってるんで来月分とばしてください
来月分からもういらないです
定期便の再開をお願いします
""",
}
NOT_ASKED = """
住所変更は不要です
住所を変更しなくていいです
配達日は変更なしで
お届け先は前と同じで大丈夫です
定期便、変更はありません
定期はやめないです
定期を続けたいです
住所変更しました
住所変更していただきありがとうございました
昨日定期便を解約しました
先月手術したので、しばらく定期はお休みしてました
引っ越しました
解約したはずなのに届いた
住所変更したのに前の住所に届きました
定期便ってどうやって解約するん？
定期便の解約方法
住所変わったんですけどどこから変えれますか？
定期の解約はいつまでに言えばいいの
定期って途中でやめれんの?違約金ある?
定期の休みかたは?
届け先を会社に変えたら送料は変わりますか
お届け日が変わったのはなぜですか
定期便の間隔が選べるともっといいと思います
定期を来月お休みにしたら嬉しい
返品の住所を教えてください
領収書の宛名を変更したいです
定期便が届きません
定期便はいつ届きますか
お届け日時の指定はできますか？
解約手順
"""


@pytest.mark.parametrize(
    ("words", "kind"), [(words, kind) for kind, text in ASKED.items() for words in text.split("\n")[1:-1]]
)
def test_a_change_is_asked_for(words: str, kind: str) -> None:
    assert changes.change_asked(fold(words)) == kind


@pytest.mark.parametrize("words", NOT_ASKED.split("\n")[1:-1])
def test_no_change_is_asked_for(words: str) -> None:
    assert changes.change_asked(fold(words)) == ""


@pytest.mark.parametrize(
    ("kind", "words", "expected"),
    [
        (changes.ADDRESS, "住所を〒110-0005 台東区上野1-2-3に変えてください", True),
        (changes.ADDRESS, "届け先を大阪市北区梅田2-1に変更お願いします", True),
        (changes.ADDRESS, "住所変更お願いします", False),
        (changes.DELIVERY, "お届け日を12月5日に変えてください", True),
        (changes.DELIVERY, "配達を土曜にずらしてほしい", True),
        (changes.DELIVERY, "配達日変えたい", False),
        (changes.SUBSCRIPTION, "定期便を解約したい", False),
    ],
)
def test_what_the_request_holds_already(kind: str, words: str, expected: bool) -> None:
    assert changes.has_details(kind, words) is expected


def test_no_question_about_something_else_is_taken_for_a_change() -> None:
    """Held against the questions of `benchmarks.faq`: none that another entry answers, and nine of ten that ask for a
    change."""
    about = {
        *(
            "届け先の住所を変更したいです",
            "配達の日時を変更したいです",
            "定期便の次回お届け日を変更したいです",
        ),
        *("定期便をお休みしたいです", "定期便を解約したいです", "定期便のお届け間隔を変えられますか？"),
        *("定期便の商品や数を変えられますか？", "お休み中の定期便を再開したいです"),
    }
    rows = [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    found = [(about & {*row["relevant"]}, changes.change_asked(fold(row["query"]))) for row in rows]
    assert [kind for wanted, kind in found if kind and not wanted] == []
    wanted = [bool(kind) for wanted, kind in found if wanted]
    assert sum(wanted) / len(wanted) >= 0.9
