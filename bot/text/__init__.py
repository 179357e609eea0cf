"""Prepares text for storing, comparing and spreadsheets, and holds sentences in two languages. What a text means is
left to its readers."""
