"""How all pages are made of templates: what is filled in is escaped, and what is missing is an error."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined


def page_templates(*packages: str, extensions: Sequence[str] = ()) -> Environment:
    """The templates of packages.

    Args:
        packages: each with a folder `templates`; of two templates of one name that of the earlier package counts.
        extensions: of Jinja.
    """
    return Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in packages]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=extensions,
    )
