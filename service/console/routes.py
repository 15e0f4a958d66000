"""All pages of the console."""

from __future__ import annotations

from service.console import (
    answer,
    evaluations,
    judging,
    lists,
    match,
    matches,
    notes,
    programme,
    providers,
    record,
    sign_in,
    static_files,
    workshops,
)

PAGES = tuple(
    one.router
    for one in (
        sign_in,
        answer,
        match,
        lists,
        matches,
        notes,
        providers,
        workshops,
        judging,
        evaluations,
        programme,
        record,
        static_files,
    )
)
