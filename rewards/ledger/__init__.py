"""Points: earned, spent, expired and reversed, as entries that are only ever added. Which event earns is
decided in `handlers/`."""
