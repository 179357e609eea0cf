"""Settings of the environment and the owner's file shop.toml, checked before anything starts."""
