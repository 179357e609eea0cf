"""What every page shares: the menu, the page itself, translations, polling, files, the record of changes, errors."""
