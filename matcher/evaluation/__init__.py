"""How good match lists are, on evidence that nobody here wrote."""
