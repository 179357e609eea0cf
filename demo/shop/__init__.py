"""The sample shop: a year of customers, orders, answers, chats and rewards."""
