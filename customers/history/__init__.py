"""What single customers bought: a page of the orders of one, and the sums of some."""
