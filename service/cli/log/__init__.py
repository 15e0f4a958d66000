"""`crossmatch log`, one file a group of its commands."""
