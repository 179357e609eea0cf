"""Files that customers send: their types, removing metadata, redrawing pictures, storing on disk or in a
bucket. Fetching them from LINE is left to `bot/worker/fetcher.py`."""
