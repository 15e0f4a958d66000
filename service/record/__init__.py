"""The record in a SQL database."""
