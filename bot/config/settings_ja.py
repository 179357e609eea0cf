"""What each setting is and where to find its value, in Japanese; the English stands beside each in `settings.py`."""

CONSOLE = "LINE Developersコンソール"
MANAGER = "LINE Official Account Manager"

IN_JAPANESE: dict[str, tuple[str, str]] = {
    "line_channel_secret": (
        "LINEからの知らせが本物かを確かめる鍵",
        f"{CONSOLE}、お店のチャネル、「チャネル基本設定」の「チャネルシークレット」",
    ),
    "line_channel_access_token": (
        "ボットがメッセージを送るための鍵",
        f"{CONSOLE}、お店のチャネル、「Messaging API設定」の「チャネルアクセストークン（長期）」",
    ),
    "line_basic_id": (
        "お店のLINE ID（@から始まります）。招待のリンクに使います",
        f"{MANAGER}、「設定」の「ベーシックID」",
    ),
    "public_url": (
        "お客様がこのサーバーを開くアドレス（https。QRコードや公開ページに使います）",
        "お店のドメイン",
    ),
    "secret_key": (
        "スタッフのログインの署名と、購入者の連絡先の照合に使う鍵。32文字以上のでたらめな文字で、ずっと同じもの",
        'python3 -c "import secrets; print(secrets.token_urlsafe(32))" で作れます。これまで使っていた短い鍵は '
        "OLD_SECRET_KEY に移してください",
    ),
    "shop_name": ("お客様が知っているお店の名前", "お好きなように"),
    "old_secret_key": (
        "お店がはじめに使っていた、32文字より短い SECRET_KEY。購入者と二段階認証の照合だけに使います",
        "前の SECRET_KEY。新しいお店では書きません",
    ),
    "shop_logo": (
        "招待のQRコードの中央に入れるお店のロゴ",
        "このサーバーにあるPNGかJPEG。正方形が向いています",
    ),
    "shop_timezone": ("日付・送らない時間帯・集計に使う時間帯", "IANAの時間帯の名前"),
    "database_url": (
        "データの置き場所",
        "sqlite:///ファイルの場所 か postgresql://名前:パスワード@ホスト:5432/データベース",
    ),
    "line_api_url": ("LINEのAPI", "そのままにしてください（LINEの代わりになるもので試すときだけ変えます）"),
    "line_data_api_url": (
        "LINEのデータ用API（写真、リッチメニューの画像）",
        "そのままにしてください（LINEの代わりになるもので試すときだけ変えます）",
    ),
    "shop_toml": ("文章・ポイント・日数を書いたお店のファイル", "ファイルの場所"),
    "data_dir": ("お客様が送った写真を置くフォルダ", "書き込めるフォルダの場所"),
    "media_store": (
        "お客様の写真などの置き場所",
        "local（DATA_DIRの中）か s3（S3_…の設定を見てください）",
    ),
    "s3_bucket": ("MEDIA_STORE=s3 のときのバケット。公開する必要はありません", "ストレージの管理画面"),
    "s3_endpoint_url": (
        "S3互換ストレージのアドレス",
        "ストレージの説明書。Amazonのときは書きません",
    ),
    "s3_region": ("バケットのリージョン", "ストレージの管理画面。auto や us-east-1 のものもあります"),
    "s3_access_key_id": (
        "そのバケットを読み・書き・消せるアクセスキー",
        "ストレージの管理画面の「アクセスキー」",
    ),
    "s3_secret_access_key": ("そのアクセスキーの秘密の部分", "キーを作ったときに一度だけ表示されます"),
    "port": ("Webのプロセスが待ち受けるポート", "1〜65535"),
    "listen_address": (
        "Webのプロセスが待ち受ける、このサーバーのアドレス",
        "同じサーバーのリバースプロキシの後ろでは 127.0.0.1（直接つながれないように）、すべてなら 0.0.0.0",
    ),
    "trusted_proxy_count": (
        "Webのプロセスの前にあるリバースプロキシの数。ログインの試みを、来た人のアドレスごとに数えるため",
        "多くのホスティングとnginx・Caddyの後ろでは1、直接つながるなら0",
    ),
    "console_idle_days": ("使わないと何日でログアウトするか", "1〜90"),
    "console_session_days": ("使っていても何日でログインし直すか", "1〜90"),
    "console_owners_need_second_factor": (
        "オーナーは、まず二段階認証（認証アプリのコード）を設定しないと先に進めないようにするか",
        "true か false",
    ),
    "log_level": ("ログの細かさ", "DEBUG、INFO、WARNING、ERROR のどれか"),
    "shopify_webhook_secret": (
        "Shopifyの注文の知らせ（PUBLIC_URL/webhooks/shopify に届きます）が本物かを確かめる鍵",
        "Shopify管理画面の「設定」「通知」「Webhook」。Shopifyでなければ書きません",
    ),
    "account_link_url": (
        "LINEのアカウント連携で開く、お店のログインページ（?linkToken=… が付きます）",
        "お店のシステム（docs/api.md）。なければ書きません",
    ),
    "line_login_channel_id": (
        "招待されたお友達がひと押しで参加できるLINEログインのチャネル。ボットと同じプロバイダーのもの",
        f"{CONSOLE}、LINEログインのチャネル、「チャネル基本設定」の「チャネルID」。シークレットと両方書くか、"
        "どちらも書きません",
    ),
    "line_login_channel_secret": (
        "LINEログインに、こちらが本物であると示す鍵",
        f"{CONSOLE}、LINEログインのチャネル、「チャネル基本設定」の「チャネルシークレット」",
    ),
    "line_support_channel_secret": (
        "個別連絡用の2つめのLINEアカウントからの知らせ（PUBLIC_URL/callback/support に届きます）が本物かを確かめる鍵。"
        "1つめと同じプロバイダーのもの",
        f"{CONSOLE}、2つめのチャネル、「チャネル基本設定」の「チャネルシークレット」。アクセストークンと両方書くか、"
        "どちらも書きません",
    ),
    "line_support_channel_access_token": (
        "その2つめのアカウントから送るための鍵",
        f"{CONSOLE}、2つめのチャネル、「Messaging API設定」の「チャネルアクセストークン（長期）」",
    ),
    "line_support_basic_id": (
        "2つめのアカウントのLINE ID（@から始まります）。お客様が追加するボタンに使います",
        f"{MANAGER}、2つめのアカウント、「設定」の「ベーシックID」。なければ、誰にもすすめません",
    ),
    "line_login_url": (
        "お客様がLINEにログインするアドレス",
        "そのままにしてください（このサーバーの中でLINEの代わりになるもので試すときだけ変えます）",
    ),
    "backup_dir": (
        "バックアップを置くフォルダー",
        "書き込める場所。別のディスクか、別の機械のフォルダーにすると安心です。書かなければ DATA_DIR の backups",
    ),
    "settings_file": (
        "script/start だけが使います。オーナーが管理画面の「接続」で変えた値を書く .env の場所",
        "書きません",
    ),
    "demo_dir": (
        "script/demo だけが使います。時間を進め、ワンクリックでログインできるようにします。本物のLINEでは使えません",
        "書きません",
    ),
}
"""By the name of the setting: what it is, and where to find its value."""
