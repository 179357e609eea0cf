"""Folds text for searching, so that names are found as people write them: 山﨑 by 山崎, 髙橋 by 高橋. Pure.

Stored text and search words are folded alike: width, letter case, katakana to hiragana, older and variant
kanji to today's form. Invisible characters are removed. Folded text is compared and never shown.
"""

import unicodedata

VERSION = 1
"""Increase it when a text folds otherwise than before: stored folded texts are then folded again."""

VARIANTS = """
崎﨑嵜 高髙 斎齋斉齊 辺邊邉 沢澤 浜濱濵 広廣 国國圀 島嶋嶌 桜櫻 竜龍 滝瀧 真眞 徳德 恵惠 栄榮 条條 桧檜
関關 実實 豊豐 富冨 吉𠮷 土圡 柳栁桺 橋槗 館舘 曽曾 鉄鐵鐡 壮壯 寿壽 静靜 応應 礼禮 円圓 万萬 弥彌 巌巖
亀龜 桑桒 瀬瀨 頼賴 槙槇 淵渕渊 園薗 蔵藏 兎兔菟 尭堯 晋晉 蛍螢 児兒 仏佛 学學 芸藝 県縣 区區
黒黑 戸戶 歩步 緑綠 録錄 緒緖 戦戰 単單 団團 伝傳 転轉 灯燈 当當 党黨 独獨 読讀 弐貳 拝拜 売賣 麦麥
発發 蛮蠻 秘祕 氷冰 並竝 弁辨瓣辯 変變 宝寶 翻飜 毎每 満滿 黙默 訳譯 薬藥 与與 余餘 誉譽 揺搖 様樣
謡謠 来來 乱亂 覧覽 両兩 猟獵 塁壘 涙淚 励勵 霊靈 齢齡 暦曆 歴歷 恋戀 炉爐 労勞 楼樓 湾灣 亜亞 悪惡
圧壓 囲圍 医醫 為爲 壱壹 隠隱 営營 衛衞 駅驛 艶艷 塩鹽 欧歐 殴毆 奥奧 温溫 穏穩 仮假 価價 画畫 会會
絵繪 壊壞 懐懷 拡擴 殻殼 覚覺 岳嶽 楽樂 勧勸 巻卷 寛寬 歓歡 観觀 陥陷 缶罐 気氣 帰歸 戯戲 犠犧 旧舊
拠據 挙擧 虚虛 峡峽 挟挾 教敎 強强 郷鄕 暁曉 駆驅 勲勳 薫薰 径徑 茎莖 掲揭 渓溪 経經 継繼 鶏鷄 撃擊
倹儉 剣劍劔剱 険險 圏圈 検檢 献獻 権權 顕顯 験驗 厳嚴 効效 恒恆 鉱鑛 号號 済濟 砕碎 剤劑 雑雜 参參
桟棧 蚕蠶 惨慘 賛贊 残殘 糸絲 歯齒 辞辭 湿濕 写寫 釈釋 収收 従從 渋澁 獣獸 縦縱 粛肅 処處 叙敍敘 奨奬
将將 証證 焼燒 称稱 渉涉 乗乘 浄淨 剰剩 畳疊 縄繩 壌壤 嬢孃 譲讓 醸釀 触觸 嘱囑 寝寢 慎愼 尽盡 図圖
粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 声聲 摂攝 窃竊 専專 浅淺 潜潛 繊纖 践踐 銭錢 禅禪 双雙 捜搜 挿插
巣巢 争爭 総總 荘莊 装裝 騒騷 増增 臓臟 属屬 続續 堕墮 対對 体體 帯帶 滞滯 台臺 択擇 担擔 胆膽 弾彈
遅遲 痴癡 虫蟲 昼晝 鋳鑄 庁廳 徴徵 聴聽 勅敕 鎮鎭 逓遞 点點 稲稻 闘鬭 悩惱 脳腦 覇霸 廃廢 抜拔 姫姬
瓶甁 払拂 芦蘆 鴎鷗 鯵鰺 鴬鶯 薮藪籔 靭靱 壷壺 撹攪 涛濤 祷禱 蝋蠟 醤醬 麺麵 掴摑 填塡 屏屛 昂昻 柵栅
砺礪 篭籠 聡聰 荊荆 莱萊 迩邇 頬頰 侠俠 倶俱 呑吞 噛嚙 嘘噓 嚢囊 即卽 唖啞 箪簞 剥剝 叱𠮟 祢禰 秋穐龝
峰峯 梅楳 松枩 船舩 野埜 涌湧 群羣 隣鄰 村邨 凛凜 煕熙 晃晄 穣穰 昇曻 鶴靏靍 雁鴈 蓑簑 刈苅 草艸 顔顏
杯盃 裏裡 略畧 脇脥
"""
"""Kanji by which one name is written: first the form that people type, then the forms it may be written in
instead."""

_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_SMALL_KE_AND_KA = str.maketrans("ゕゖ", "かけ")
_VARIANTS = {
    ord(variant): group[0]
    for group in unicodedata.normalize("NFC", VARIANTS).split()
    for variant in group[1:]
}
_UNSEEN = {
    **dict.fromkeys(range(0xFE00, 0xFE10)),  # variation selectors: 葛󠄀 or 葛
    **dict.fromkeys(range(0xE0100, 0xE01F0)),
    **dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)),  # zero-width blanks and joiners
}
_LETTERS = str.maketrans({**_VARIANTS, **_KATAKANA, **_UNSEEN})
_JOINED_TO_THE_LETTER_BEFORE = {*_UNSEEN, 0x3099, 0x309A, 0xFF9E, 0xFF9F}


def folded(text: str) -> str:
    """The text as it is compared. Folding a folded text changes nothing."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", plain).translate(_LETTERS).translate(_SMALL_KE_AND_KA)


def letters(text: str) -> list[str]:
    """The text in pieces that fold alone as they fold together: a half-width ﾊ with its ﾞ is one piece."""
    pieces: list[str] = []
    for letter in text:
        code = ord(letter)
        if pieces and (code in _JOINED_TO_THE_LETTER_BEFORE or unicodedata.combining(letter)):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces
