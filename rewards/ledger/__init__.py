"""Points: what an action earns, spends, lets expire and takes back, as entries that are only ever added."""
