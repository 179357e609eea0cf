"""What other systems write, read strictly: amounts, dates, addresses, identities, and how a fault is worded. Pure."""
