"""The owner's pages of the seven stages, of RFM and of repeat buyers' recency, with the people behind each number."""
