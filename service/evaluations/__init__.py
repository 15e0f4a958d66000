"""Evaluations that `crossmatch evaluate` made, kept by the service to be read and compared."""
