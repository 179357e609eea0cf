"""Who the shop's customers are and what they bought; what follows from it is for the domains above."""
