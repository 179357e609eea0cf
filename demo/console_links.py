"""Addresses of the demo's console that sign somebody in on the way, and what is said of a restart."""

from dataclasses import dataclass
from pathlib import Path

from journeys.flows import shipped_flows


@dataclass(frozen=True)
class ConsoleLinks:
    """The console at this address."""

    bot_url: str

    def signed_in(self, role: str, page: str) -> str:
        """The address of a page that signs somebody of that role in first."""
        return f"{self.bot_url}/console/demo-sign-in/{role}?next=/console/{page}"

    def as_owner(self, page: str) -> str:
        """The same for the owner."""
        return self.signed_in("owner", page)

    def sign_ins(self) -> tuple[tuple[str, str], ...]:
        """Label and address of each sign-in."""
        return (
            ("スタッフとしてサインイン", f"{self.bot_url}/console/demo-sign-in/staff"),
            ("オーナーとしてサインイン", f"{self.bot_url}/console/demo-sign-in/owner"),
        )

    def flows(self) -> tuple[tuple[str, str], ...]:
        """Label and address of the pages about flows."""
        walks = (
            (f"ためす：{each.name}", self.as_owner(f"flows/{each.key}/walk"))
            for each in shipped_flows.all_of_them().values()
        )
        return (("シナリオの一覧", self.as_owner("flows")), *walks)


def restart_note(folder: Path | None) -> tuple[str, str]:
    """What becomes of the demo's data when it ends, in Japanese and English; without a folder all is discarded."""
    if folder is None:
        return (
            "デモを終えると、ここでの変更はすべて消え、次は同じお店から始まります。"
            "残すには --folder をつけて始めてください。",
            "When the demo ends, all changes are discarded; the next start begins with the same shop. "
            "Start it with --folder to go on another day.",
        )
    return (
        f"お店のデータは {folder} に残り、次はそこから始まります。スマートフォンのトークの表示だけは消えます。",
        f"The shop’s data stays in {folder}, and the next start goes on from there. Only the chats shown on the "
        "phone are discarded.",
    )
