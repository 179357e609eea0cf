"""The page 動作の確認: what `bot/checks/` finds, for the owner. `manage.py doctor` prints the same."""
