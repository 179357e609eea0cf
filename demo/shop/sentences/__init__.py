"""What the sample shop's customers and staff write: enough sentences that no two people say the same."""
