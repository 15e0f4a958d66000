"""The HTTP interface, one file a group of routes."""
