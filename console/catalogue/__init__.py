"""All figures of the owner's pages by name and subject, the page of each with its people, and `docs/figures.md`.

What a figure is, and each definition: `console/figures/definition.py` and `console/figures/definitions/`.
"""
