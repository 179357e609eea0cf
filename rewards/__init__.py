"""Points, ranks, referrals and coupons: what customers earn. Who they are and what they bought is
`customers/`'s; which messages are sent is decided in `handlers/`."""
