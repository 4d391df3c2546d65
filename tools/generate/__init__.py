"""Raw data of a company of any size, with the shape and the mess of the demo: ``python -m tools.generate``."""
