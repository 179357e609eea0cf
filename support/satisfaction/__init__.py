"""The question 「対応はいかがでしたか？」 after a resolved ticket: asked once, rated, commented; and its figures.

When it is sent is left to `handlers/`.
"""
