"""Needs that find no good provider abroad, by subject, field and region: whom to recruit, what to invite to."""
