"""Points, ranks and referrals: what customers earn by what they do, and what it says of them."""
