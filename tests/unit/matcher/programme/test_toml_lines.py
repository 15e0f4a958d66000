from __future__ import annotations

import pytest

from matcher.toml_source import TomlSource

TEXT = """top = 1
[one]
key = 2
"quoted.key" = 3
[[call]]
id = "a"
[call.budgets]
east = 1
[[call]]
budgets.east = 2
[[call]]
budgets = { east = 3 }
[[call.part]]
size = 4
[[call.part]]
size = 5
"""


@pytest.mark.parametrize(
    ("table", "key", "line"),
    [
        ("", "top", 1),
        ("one", "", 2),
        ("one", "key", 3),
        ("one", "quoted.key", 4),
        ("call[1]", "id", 6),
        ("call[1].budgets", "", 7),
        ("call[1].budgets", "east", 8),
        ("call[1].budgets", "west", 7),
        ("call[2].budgets", "east", 10),
        ("call[3].budgets", "east", 12),
        ("call[3].part[2]", "size", 16),
        ("call[3]", "missing", 11),
        ("call[9]", "id", 0),
        ("", "missing", 0),
    ],
)
def test_a_key_is_found_on_its_line_or_that_of_what_is_around_it(table: str, key: str, line: int) -> None:
    assert TomlSource.read("x.toml", TEXT.encode()).line(table, key) == line


def test_a_number_too_long_to_be_read_is_a_problem_of_the_file() -> None:
    source = TomlSource.read("x.toml", b"sum = " + b"9" * 5_000)
    assert [one.required for one in source.problems] == ["be well-formed TOML"]
