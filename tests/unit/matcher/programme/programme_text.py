"""A small programme as a file, and the problems of one with other lines."""

from __future__ import annotations

import pytest

from matcher.errors import Problem, ProgrammeRefused
from matcher.programme.programme_file import programme_from

TEXT = """[programme]
id = "small"
name = "Small programme"
time_zone = "Europe/Amsterdam"

[[region]]
id = "east"
name = "East"
country = "nl"
catchment = ["NL2"]
budget = 20_000

[[region]]
id = "south"
name = "South"
country = "DE"
catchment = ["DE1"]
budget = 20_000.50

[[incentive]]
id = "insight"
name = "Insight"
form = "lump sum"
amount = 4_000

[[call]]
id = "spring"
opens = "2013-03-01 09:00"
closes = 2013-05-31 17:00:00
directory_until = 2013-04-30
incentives = ["insight"]
budget_each = 10_000

[[call]]
id = "autumn"
opens = "2013-09-01 09:00"
closes = "2013-11-29 17:00"
incentives = ["insight"]
[call.budgets]
east = 10_000
south = "10000.50"

[scoring]
assessors = 1
pass_mark = 50

[[criterion]]
id = "fit"
name = "Fit"
most = 10

[eligibility]
sme = false
one_grant = ["call"]
de_minimis = 300_000

[deadlines]
sign = 20
remind = [7]
"""


def with_line(old: str, *new: str) -> str:
    """The file with these lines instead of one."""
    assert TEXT.count(f"\n{old}\n") >= 1, old
    return TEXT.replace(f"\n{old}\n", "".join(f"\n{line}" for line in new) + "\n", 1)


def problems(text: str | bytes) -> tuple[Problem, ...]:
    """What is wrong; fails when nothing is."""
    with pytest.raises(ProgrammeRefused) as caught:
        programme_from("programme.toml", text if isinstance(text, bytes) else text.encode())
    return caught.value.problems


def only_problem(text: str | bytes) -> Problem:
    (problem,) = problems(text)
    return problem
