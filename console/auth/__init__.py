"""Who may enter the console: accounts, sign-in, sessions, second factor, and which role may see which page."""
