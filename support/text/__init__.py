"""Text cut into what can be compared: bigrams, clauses, spellings, BM25. Pure."""
