"""Judging that the service keeps: sheets, and what each judge said."""
