"""What a customer may like next, from what was bought: pairs, the choice, what it brought."""
