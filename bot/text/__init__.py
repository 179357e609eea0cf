"""Prepares text for storing, comparing and spreadsheets. Pure; what a text means is left to its readers."""
