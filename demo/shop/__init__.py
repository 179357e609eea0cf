"""Fills the demo's database with a sample shop: a year of customers, orders, answers, chats and rewards.

The rules that apply to them are the product's.
"""
