"""Fills the demo's database with a sample shop: sixteen months of customers, orders, answers, chats and rewards.

The rules that apply to them are the product's.
"""
