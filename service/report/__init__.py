"""The report of an evaluation: one page for people who do not read code."""
