"""Measurements at size: ``make bench``."""
