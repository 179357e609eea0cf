"""Names each recorded change in the reader's language. A page that changes something needs a line here."""

from console.shell.translation import N_, gettext

KINDS = {
    "reply": N_("お客様に返信した"),
    "keep_canned": N_("定型文を書いた"),
    "drop_canned": N_("定型文を消した"),
    "assign": N_("担当を変えた"),
    "snooze": N_("チャットを後回しにした"),
    "wake": N_("後回しのチャットを戻した"),
    "write_note": N_("メモを書いた"),
    "add_tag": N_("チャットにタグを付けた"),
    "remove_tag": N_("チャットのタグを外した"),
    "read_answer": N_("回答を確認済みにした"),
    "tag_answer": N_("回答のタグを変えた"),
    "publish_testimonial": N_("お客様の声を掲載した"),
    "refuse_testimonial": N_("お客様の声を掲載しないと決めた"),
    "faq_create": N_("FAQを書いた"),
    "faq_change": N_("FAQを直した"),
    "faq_go_back": N_("FAQを前の版に戻した"),
    "faq_switch": N_("FAQを止めた・戻した"),
    "faq_paraphrase": N_("FAQに言いかえを足した"),
    "faq_set_aside": N_("FAQに書かないと決めた"),
    "faq_look_through": N_("FAQのファイルを読みこませた"),
    "faq_import_now": N_("FAQのファイルを取りこんだ"),
    "cancel_coupon": N_("クーポンを取り消した"),
    "resolve": N_("チャットを対応済みにした"),
    "reopen": N_("チャットを再開した"),
    "change_birthday": N_("誕生日を変えた"),
    "link_buyer": N_("購入者とLINEを連携した"),
    "unlink_buyer": N_("購入者とLINEの連携を外した"),
    "make_link_code": N_("連携コードを作った"),
    "adjust_points": N_("ポイントを調整した"),
    "rescue_points": N_("失効したポイントを戻した"),
    "try_ranks": N_("ランクの試算を作った"),
    "give_thanks": N_("お礼のクーポンを渡した"),
    "redeem_now": N_("クーポンを使用済みにした"),
    "judge_referral": N_("紹介を判断した"),
    "make_reward": N_("特典を作った"),
    "switch_reward": N_("特典を切り替えた"),
    "make_flow": N_("シナリオを作った"),
    "import_flow": N_("シナリオのファイルを取りこんだ"),
    "copy_flow": N_("シナリオの写しを作った"),
    "change_flow": N_("シナリオの設定を変えた"),
    "add_step": N_("シナリオにステップを加えた"),
    "change_step": N_("シナリオのステップを変えた"),
    "publish_flow": N_("シナリオを公開した"),
    "publish_and_move": N_("シナリオを公開し、途中の方の続きを選んだ"),
    "drop_draft": N_("シナリオの変更を捨てた"),
    "switch_flow_on": N_("シナリオをはじめた"),
    "switch_flow": N_("シナリオを止めた"),
    "take_customers_in": N_("シナリオにお客様をまとめて入れた"),
    "enter_flow": N_("シナリオにお客様を入れた"),
    "choose_own_line": N_("自分のLINEを選んだ"),
    "make_key": N_("APIキーを作った"),
    "revoke_key": N_("APIキーを止めた"),
    "explain_word": N_("注文の言葉の意味を決めた"),
    "forget_word": N_("注文の言葉の意味を取り消した"),
    "decide_parked": N_("保留した注文を判断した"),
    "put_away": N_("お知らせを確認済みにした"),
    "replay": N_("止まった処理をやり直した"),
    "replay_all": N_("止まった処理をまとめてやり直した"),
    "invite": N_("スタッフを招待した"),
    "withdraw_invitation": N_("招待を取り消した"),
    "join": N_("招待から参加した"),
    "change_staff": N_("スタッフの設定を変えた"),
    "change_account": N_("自分の名前を変えた"),
    "change_password": N_("自分のパスワードを変えた"),
    "begin_second_factor": N_("自分の2段階認証の設定をはじめた"),
    "confirm_second_factor": N_("自分の2段階認証をオンにした"),
    "make_recovery_codes": N_("自分の予備コードを作り直した"),
    "end_second_factor": N_("自分の2段階認証をオフにした"),
    "end_session": N_("サインイン中の端末を終了した"),
}

NAMES = {
    "amount_yen": N_("金額（円）"),
    "answer_id": N_("回答"),
    "before": N_("変更前"),
    "canned_id": N_("定型文"),
    "change": N_("変更"),
    "code": N_("コード"),
    "count": N_("件数"),
    "customer_id": N_("お客様"),
    "decision": N_("判断"),
    "enabled": N_("利用"),
    "entry_id": N_("項目"),
    "flow": N_("シナリオ"),
    "invitation_id": N_("招待"),
    "key": N_("キー"),
    "kind": N_("種類"),
    "meaning": N_("意味"),
    "meaning_id": N_("意味"),
    "name": N_("名前"),
    "order_number": N_("注文"),
    "notice_id": N_("お知らせ"),
    "points": N_("ポイント"),
    "prefix": N_("キーの先頭"),
    "question_id": N_("質問"),
    "referral_id": N_("紹介"),
    "revision": N_("版"),
    "reward_id": N_("特典"),
    "role": N_("権限"),
    "row_id": N_("番号"),
    "staff_id": N_("スタッフ"),
    "step_key": N_("ステップ"),
    "switch": N_("切り替え"),
    "testimonial_id": N_("お客様の声"),
    "ticket_id": N_("チャット"),
    "upload_id": N_("ファイル"),
    "word": N_("言葉"),
}
"""Names of details, by the key they are stored under; an unknown key is shown as it is."""

VALUES = {
    "counts": N_("購入として数える"),
    "currency": N_("通貨"),
    "disable": N_("停止する"),
    "enable": N_("再開する"),
    "end-sessions": N_("サインアウトさせる"),
    "event": N_("できごと"),
    "given_back": N_("返した金額を入れた"),
    "guests": N_("会員ではない方に付く番号"),
    "leave": N_("数えない"),
    "left_out": N_("数えない"),
    "number": N_("会員番号"),
    "off": N_("配信を止める"),
    "off-duty": N_("担当を割り当てない"),
    "on-duty": N_("担当を割り当てる"),
    "one_buyer": N_("お一人のお客様の番号"),
    "owner": N_("オーナー"),
    "pause": N_("一時停止する"),
    "partly_taken_back": N_("一部の返品"),
    "reset-second-factor": N_("2段階認証を解除する"),
    "restore": N_("もう一度使う"),
    "seen": N_("確認した"),
    "send": N_("送信"),
    "staff": N_("スタッフ"),
    "state": N_("状態"),
    "take": N_("取り込んだ"),
    "taken_back": N_("取り消し・全部の返品"),
    "unpaid": N_("まだお支払い前"),
    "withdraw": N_("取り下げる"),
}


def detail_in_words(name: str, value: object) -> tuple[str, str]:
    """One detail of a change: its name and its value."""
    named = gettext(NAMES[name]) if name in NAMES else name
    if isinstance(value, dict):
        return named, "・".join(detail_in_words(part, each)[1] for part, each in value.items())
    if isinstance(value, bool):
        return named, gettext("利用中") if value else gettext("停止中")
    if name.endswith("_id") and isinstance(value, int):
        return named, f"#{value}"
    if isinstance(value, str) and name != "name" and value in VALUES:
        return named, gettext(VALUES[value])
    return named, str(value)


def in_words(kind: str) -> str:
    """What was done; a command is shown as it was typed."""
    return gettext(KINDS[kind]) if kind in KINDS else kind
