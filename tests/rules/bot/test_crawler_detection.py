"""Who opens a link: real browsers, and programs that fetch previews."""

import pytest
from werkzeug.datastructures import Headers

from bot.web.crawler_detection import is_person

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)"

PEOPLE = {
    "LINE on an iPhone": f"{IPHONE} Mobile/15E148 Safari Line/15.7.1",
    "LINE on Android": f"{ANDROID} Version/4.0 Chrome/138.0.0.0 Mobile Safari/537.36 Line/15.7.1/IAB",
    "Safari": f"{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1",
    "Chrome": f"{MAC} Chrome/138.0.0.0 Safari/537.36",
    "Edge": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36 Edg/138.0",
    "Firefox": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Facebook's own browser": f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/518.0.0;FBDV/iPhone15,2]",
    "Instagram's own browser": f"{IPHONE} Mobile/15E148 Instagram 389.0.0.23.77 (iPhone15,2; iOS 18_5)",
    "Telegram's own browser": f"{ANDROID} Chrome/138.0 Mobile Safari/537.36 Telegram-Android/11.13",
    "Yahoo! JAPAN's app": f"{ANDROID} Version/4.0 Chrome/138 Mobile Safari/537.36 YJApp-ANDROID jp.co.yahoo.android",
    "a telephone called Cubot": "Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 30) Chrome/138 Mobile Safari/537.36",
}
PROGRAMS = {
    "Slack": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack's pictures": "Slack-ImgProxy (+https://api.slack.com/robots)",
    "Discord": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Facebook": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Meta": "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "X": "Twitterbot/1.0",
    "WhatsApp": "WhatsApp/2.23.20.0 A",
    "Telegram": "TelegramBot (like TwitterBot)",
    "iMessage": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "
    "Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Teams": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    "LINE": "facebookexternalhit/1.1;line-poker/1.0",
    "KakaoTalk": "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
    "Google": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Google on a telephone": f"{ANDROID} Chrome/138.0 Mobile Safari/537.36 (compatible; GoogleOther)",
    "Google's mail": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "Bing": "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b",
    "Yahoo! JAPAN": "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Y!J-BRW/1.0",
    "Apple": f"{MAC} Version/17.4 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
    "LinkedIn": "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Office": "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
    "a browser without a window": f"{MAC} HeadlessChrome/138.0.0.0 Safari/537.36",
    "Lighthouse": f"{ANDROID} Chrome/138.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse",
    "curl": "curl/8.5.0",
    "Python": "python-requests/2.32.3",
    "Go": "Go-http-client/2.0",
    "Node": "node",
    "Android's library": "okhttp/4.12.0",
    "nobody": "",
    "a long nothing": "x" * 100_000,
}


def opened(browser: str, method: str = "GET", **headers: str) -> bool:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return is_person(method, Headers({"User-Agent": browser, **given}).get)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_browser_is_a_person(name: str) -> None:
    assert opened(PEOPLE[name])
    assert opened(PEOPLE[name], Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="document", Sec_Fetch_Site="none")


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_nobody(name: str) -> None:
    assert not opened(PROGRAMS[name])


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Purpose": "prefetch"},
        {"Sec_Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X_Purpose": "preview"},
        {"X_Moz": "prefetch"},
        {"From": "googlebot(at)googlebot.com"},
        {"Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"},
        {"Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"},
        {"Sec_Fetch_Mode": "cors"},
    ],
)
def test_what_a_browser_fetches_ahead_or_beside_is_no_visit(headers: dict[str, str]) -> None:
    assert not opened(PEOPLE["Chrome"], **headers)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST"])
def test_only_what_is_read_is_opened(method: str) -> None:
    assert not opened(PEOPLE["Safari"], method)


def test_a_request_without_a_browsers_name_is_nobody() -> None:
    assert not is_person("GET", Headers().get)
