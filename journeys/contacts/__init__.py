"""Whom staff write to by themselves today: repeat buyers who have not bought for a while, and what came of it."""
