"""All pages of the console."""

from __future__ import annotations

from service.console import (
    answer,
    judging,
    lists,
    match,
    matches,
    programme,
    providers,
    record,
    sign_in,
    static_files,
    workshops,
)

PAGES = tuple(
    one.router
    for one in (sign_in, answer, match, lists, matches, providers, workshops, judging, programme, record, static_files)
)
