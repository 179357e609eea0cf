"""The owner's pages of ranks and points: who holds which rank, who moved, how far people are, what points cost."""
