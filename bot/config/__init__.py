"""The environment's settings and the owner's file shop.toml, both checked before anything starts. What a
section of shop.toml means is left to the domain that declares it."""
