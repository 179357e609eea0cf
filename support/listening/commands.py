"""Recognises a command of the bot within a sentence: 「あー、やっぱポイント見せて」 is ポイント. Pure.

「ポイントがたまってうれしい」 and 「ポイントの期限は？」 are none: the sentence may hold nothing beyond the
command and the request.
"""

import re

from support.listening.folding import Folded, any_of, literal_of

LONGEST = 30
_OPENING = any_of(
    """
    あ(?!んけと) ていうか てか というか そういえば あの えっと えと じゃあ では それより やっぱり? やはり とりあえず
    すみません すいません ちょっと まず 先に もう一度 もっかい もういちど その前に 今 いま 今の 私の わたしの 自分の
    僕の 俺の うちの ねえ あそうだ そうだ ところで ごめん ごめんなさい いや ううん
    """
)
_THINGS = {
    "ポイント": "(?:(?:所持|保有|たまった|貯まった)?ぽいんと(?:の?残高|数)?|残高)",
    "ランク": "(?:らんく|会員らんく|すてじ|すてたす|会員らんくの?状況)",
    "紹介": "(?:(?:お?友[達だ]ち?)(?:を|に)?紹介|紹介|紹介こど|招待こど|招待)",
    "クーポン": "(?:くぽん|特典|割引券|持ってるくぽん|使えるくぽん)",
    "アンケート": "(?:あんけと|あんけと回答|評価|点数)",
    "よくある質問": "(?:よくある質問|よくあるご質問|faq|質問一覧|質問集|qanda)",
    "お客様の声": (
        "(?:お客様の声|お客さまの声|みんなの感想|(?:他|ほか)の(?:人|方|お客さ[んま])の(?:感想|声|れびゅ)"
        "|口こみ|口コミ|れびゅ|みんなの声)"
    ),
    "メニュー": "(?:めにゅ|めに|へるぷ|一覧|最初の画面|とっぷ)",
    "誕生日": "(?:誕生日|お誕生日|たんじょうび|誕生日登録|誕生日の登録)",
    "会員証": "(?:会員証|会員かど|ばこど|めんばずかど)",
    "おすすめ": "(?!.*どれ)(?:(?:あなた|私|わたし)への?)?(?:おすすめ|お勧め|お薦め)(?:の?(?:商品|もの|品))?",
    "感想を書く": "(?:感想|れびゅ|口コミ|口こみ)(?:を)?(?:書きたい|書く|投稿したい|送りたい|投稿|書かせて|書きます)",
}
_WISH = literal_of(
    """
    見せて 見せてください 見せてくれる 見せてほしい 見せて欲しい 見せてよ 見せろ みせて みせてください 見たい
    見たいです 見たいんだけど 見たいのですが みたい みたいです 見る みる 見れる 見れますか 見られますか 見られる
    どこで見れる 教えて 教えてください 教えてほしい 教えて下さい おしえて おしえてください 教えてくれる
    教えてもらえますか 知りたい 知りたいです しりたい 確認 確認したい 確認したいです 確認する 確認します 確認して
    確認させて チェック チェックしたい 出して 出してください だして 出す 開いて 開く ひらいて 表示 表示して
    表示してください 戻りたい 戻りたいです に戻りたい に戻して に戻る 戻る 戻して いくつ いくら なんぼ どれくらい
    どのくらい どれ どれですか どうなってる どうなってますか どうなっていますか 何点 何ぽいんと なんぽいんと いくつある
    いくつたまってる どれくらいある どれくらいたまってる たまってる 貯まってる たまってますか 貯まってますか
    残ってる 残ってますか ある あるか ありますか あります あるの ほしい ほしいです 欲しい ください ちょうだい したい
    したいです したいんだけど したいのですが したいんですが します する やる やります やりたい やりたいです
    やってみる 答えたい 答えたいです 答える 答えます 回答したい 回答する 回答します 受けたい 登録 登録したい
    登録したいです 登録する 登録して 登録します 変更したい お願い お願いします おねがい おねがいします で希望 希望
    どこ どこですか 残高 使いたい 使いたいです 使う 使える 使えますか 読みたい 読みたいです 読む よみたい
    """
)
_LINK = (
    "(?:を|は|が|って|の|も|に|で|、|だけ|について|の画面|の一覧|ぺじ|ちょっと|今|いま|やっぱり|先に|全部)"
)
_END = literal_of(
    """
    です ます か な ね よ の けど んだけど んですけど んですが のですが お願いします お願い ください 下さい わ かな
    だけど
    """
)
_COMMANDS = {
    command: re.compile(rf"\A(?:{_OPENING})*+{thing}(?:{_LINK})*+(?:{_WISH})++(?:{_END})*+")
    for command, thing in _THINGS.items()
}
_POINTS_COUNTED = re.compile(
    rf"\A(?:{_OPENING})*+(?:何|なん|いくつ|どれくらい|いくら)の?ぽいんと(?:が|は)?"
    rf"(?:ある|あります|たまってる|貯まってる|残ってる|たまった|持ってる|もってる)?(?:{_END})*+"
)
_QUESTION_WORDS = any_of(
    """
    期限 使い方 ため方 貯め方 仕組み 条件 上げ方 付かない つかない 反映 もらえる いつ なぜ どうして どうやって
    """
)
_ABOUT = re.compile(_QUESTION_WORDS)


LOOSE_LONGEST = 40
_LOOSE_THINGS = {
    "ポイント": "ぽいんと",
    "ランク": "らんく|すてじ",
    "紹介": "紹介(?:の?(?:かど|こど|やつ|札)|したい|用)",
    "クーポン": "くぽん|割引券",
    "会員証": "会員(?:証|かど|番号)",
    "メニュー": "めに[ゅう]|(?:最初|元)の?(?:一覧|画面)",
    "アンケート": "あんけと",
    "感想を書く": "(?:感想|れびゅ|口コミ|口こみ)(?:を|が)?書き(?:たい|ます)",
}
_LOOSE = {command: re.compile(thing) for command, thing in _LOOSE_THINGS.items()}
_SHOWN = re.compile(
    any_of(
        r"""
        見せ みせ 見して 見た(?:い|く) みたい 出して だして 出せ ちょうだい ちょだい くれ ください 下さい
        ほしい 欲しい 教え
        おしえ 知りたい 確認 表示 お願い おねがい なんぼ いくつ いくら 何(?:点|ぽいんと) なんぽいんと
        どれ(?:くらい|だけ|ほど)
        た?まっ(?:た|て|と) 貯まっ 溜まっ 残っ(?:て|と) 残り 戻(?:りたい|して|し) どこ 送って 答える
        書き(?:たい|ます)
        使いたい つかいたい ある(?:ん|\Z) ない\Z 今の いまの 上がっ
        """
    )
)
_NOT_SHOWN = re.compile(
    _QUESTION_WORDS
    + "|"
    + any_of(
        """
        少な 増え ふえ 入って いつ あと 上げる あげる すれば 書けば どう使 付与 使えな できな 出来な えら 間違
        消え 減っ 減る
        足り から使 円 以上 何回 何個 つい(?:て|た) 付い(?:て|た) くれ(?:た|る|て) もらった もらえな 届 来な
        誕生 送料 注文 商品
        返 交換 解約 使い やり方 方法 とは って何 ってなに うれし 嬉し ありがと ありがた 楽しみ 使った つかった
        使わせ おかげ 変わ
        """
    )
)


def asked_to_show(said: Folded) -> str:
    """The one thing of the bot's that the message, in whatever words, asks to see; empty when it says something else.

    Weaker than `wished`: asked only of what nothing else was recognised in.
    """
    letters = said.letters
    if len(letters) > LOOSE_LONGEST or _NOT_SHOWN.search(letters) or not _SHOWN.search(letters):
        return ""
    named = [command for command, thing in _LOOSE.items() if thing.search(letters)]
    return named[0] if len(named) == 1 else ""


def wished(said: Folded) -> str:
    """The command that the message asks for; empty when it asks for none, or says more."""
    letters = said.letters
    if not letters or len(letters) > LONGEST or _ABOUT.search(letters):
        return ""
    if _POINTS_COUNTED.fullmatch(letters):
        return "ポイント"
    return next((command for command, pattern in _COMMANDS.items() if pattern.fullmatch(letters)), "")
