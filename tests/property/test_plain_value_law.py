from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from embeddings.language import sentences, words
from matcher.countries import checked_country, country_names
from matcher.directory import plain_name
from matcher.grid import GRID, to_grid

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)


@given(NUMBERS)
def test_to_grid_is_idempotent(value: float) -> None:
    once = to_grid(np.float64(value))
    assert to_grid(once) == once


@given(NUMBERS)
def test_to_grid_moves_a_number_by_half_a_step_at_most(value: float) -> None:
    assert abs(to_grid(np.float64(value)) - value) <= GRID / 2


@given(st.lists(NUMBERS, max_size=20), st.randoms())
def test_sums_on_the_grid_are_the_same_in_every_order(values: list[float], chance: Random) -> None:
    on_grid = to_grid(np.array(values, dtype=np.float64)).tolist()
    shuffled = on_grid.copy()
    chance.shuffle(shuffled)
    assert sum(on_grid) == sum(shuffled)


@example("Acme™ B.V.")
@given(st.text(max_size=40))
def test_plain_name_is_idempotent(name: str) -> None:
    assert plain_name(plain_name(name)) == plain_name(name)


LETTERS = st.text(alphabet="abcdeéøßŒ.&/-()_ '1 ", max_size=20)


@given(LETTERS, st.sampled_from(["B.V.", "NV", "GmbH", "A/S", "ApS", "SAS", "SARL", "e.V.", "AG", "Ltd"]))
def test_plain_name_is_idempotent_on_names_of_the_five_languages(name: str, form: str) -> None:
    once = plain_name(f"{name} {form}")
    assert plain_name(once) == once
    assert once == once.strip().casefold()


@given(st.text(alphabet="abcdefghij", min_size=6, max_size=15), st.sampled_from(["B.V.", "NV", "GmbH", "A/S", "ApS", "SAS"]))
def test_neither_case_nor_legal_form_changes_a_plain_name(name: str, form: str) -> None:
    assert plain_name(f"{name.upper()} {form}") == plain_name(name) == name


@given(st.sampled_from(sorted(country_names())))
def test_every_country_is_its_own_code(code: str) -> None:
    assert checked_country(code.lower()) == code == checked_country(checked_country(code))


@given(st.text(alphabet="ab. !?\n\tÅ", max_size=200))
def test_every_word_of_a_text_is_in_exactly_one_of_its_sentences(text: str) -> None:
    assert words(" ".join(sentences(text))) == words(text)
