"""A signed-in owner who requests pages of the console, for the benchmarks of pages."""

from flask.testing import FlaskClient

from bot.db.database import write_transaction
from console.auth import sessions, staff_accounts

BASE = "https://goen.example"


def sign_in(client: FlaskClient) -> staff_accounts.Staff:
    """Sign an owner in, and create one if there is none."""
    with write_transaction():
        owner = staff_accounts.find("owner@example.jp") or staff_accounts.add(
            "owner@example.jp", "Owner", "owner", "a long enough password"
        )
        key = sessions.begin(owner, "")
    with client.session_transaction(base_url=BASE) as session:
        session.update({"_user_id": owner.get_id(), "_fresh": True, "key": key})
    return owner


def get(client: FlaskClient, address: str) -> None:
    """Request that page. Raises an error where it is not shown."""
    answer = client.get(address, base_url=BASE)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
