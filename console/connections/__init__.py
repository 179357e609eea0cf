"""The page 接続: which outside services the shop is connected to, and a form to enter or replace each one's values."""
