"""Speed and quality, measured; never part of a test's assertion."""
