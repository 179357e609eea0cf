"""The shop's business hours and holidays, and the answer to 「営業時間は？」."""
