"""The pages: a static site of the published marts, made by ``make pages``."""
