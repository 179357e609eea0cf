"""Decides how the record names each change, in the reader's language; a page that changes something needs its line."""

from console.words import N_, gettext

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
    "make_key": N_("APIキーを作った"),
    "revoke_key": N_("APIキーを止めた"),
    "put_away": N_("お知らせを確認済みにした"),
    "replay": N_("止まったものをやり直した"),
    "replay_all": N_("止まったものをまとめてやり直した"),
    "invite": N_("スタッフを招待した"),
    "withdraw_invitation": N_("招待を取り消した"),
    "join": N_("招待から参加した"),
    "change_staff": N_("スタッフの権限を変えた"),
    "change_account": N_("自分の名前を変えた"),
    "change_password": N_("自分のパスワードを変えた"),
    "end_session": N_("サインイン中の端末を終了した"),
}


def in_words(kind: str) -> str:
    """What was done; a command is named as it was typed."""
    return gettext(KINDS[kind]) if kind in KINDS else kind
