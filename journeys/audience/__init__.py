"""Which customers a campaign is for: what each is to the shop now, and filters over it."""
