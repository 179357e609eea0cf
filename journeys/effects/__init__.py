"""What flows earn, from the comparisons of `journeys/proof/`, and what follows from it."""
