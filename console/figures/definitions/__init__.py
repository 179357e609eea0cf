"""The definitions of the owner's figures, one module for each subject. See `console/figures/definition.py`."""
