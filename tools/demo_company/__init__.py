"""A seeded generator of a demo company's raw data."""
