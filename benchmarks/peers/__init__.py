"""Crossmatch beside what a developer would otherwise put together, each measured in one run on the same texts and model."""
