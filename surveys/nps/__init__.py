"""The one question (0–10): whom to ask and when, the answer, the score."""
