"""The member card and the rich menu of each rank. Points and ranks themselves are `ledger/`'s and
`ranks/`'s."""
