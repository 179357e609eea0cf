"""The record of a chat: written, searched, and read back."""
