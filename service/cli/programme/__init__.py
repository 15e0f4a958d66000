"""`crossmatch programme`, one file a group of its commands."""
