"""The matrix of terms: what it says, and that it is the same however it came about."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.index import files
from kg.index.terms import column_of, counted
from kg.index.wording import FIELDS, Wording

TEXTS = [("Label noise", "We clean labels."), ("", ""), ("Noise", "Noise in noise.")]


def listed(wording: Wording) -> list[list[tuple[int, int, int]]]:
    return [wording.row(row) for row in range(wording.rows)]


def test_a_row_holds_the_terms_of_a_paper() -> None:
    found = Wording.of(TEXTS)
    assert listed(found) == [counted(*text) for text in TEXTS]
    assert (column_of("noise"), 5, 0) in found.row(2)


texts = st.tuples(st.sampled_from(["", "a b", "c"]), st.sampled_from(["", "a a d", "b c. e"]))
change = st.tuples(st.sampled_from(["stays", "goes", "told", "new"]), texts, texts)


@given(st.lists(change, max_size=12))
def test_what_is_brought_along_is_what_all_at_once_give(
    changes: list[tuple[str, tuple[str, str], tuple[str, str]]],
) -> None:
    before = [(how, old) for how, old, _ in changes if how != "new"]
    after = [(how, old if how == "stays" else new) for how, old, new in changes if how != "goes"]
    found = Wording.of(text for _, text in before).renewed(
        np.array([how == "stays" for how, _ in before], dtype=np.bool_),
        np.array([how != "stays" for how, _ in after], dtype=np.bool_),
        [text for how, text in after if how != "stays"],
    )
    anew = Wording.of(text for _, text in after)
    for name in (*FIELDS, "begins"):
        mine, theirs = getattr(found, name), getattr(anew, name)
        assert mine.dtype == theirs.dtype
        assert mine.tolist() == theirs.tolist()


def test_files_give_back_what_was_saved_and_say_what_is_wrong_with_them(tmp_path: Path) -> None:
    files.save_wording(Wording.of(TEXTS), tmp_path / "w")
    found = files.load_wording(tmp_path / "w", len(TEXTS))
    assert listed(found) == [counted(*text) for text in TEXTS]
    with pytest.raises(StoreError, match="3 rows and not 4"):
        files.load_wording(tmp_path / "w", 4)
    np.save(tmp_path / "w" / "counts.npy", np.zeros(1, dtype=np.uint8))
    with pytest.raises(StoreError, match="kg index --rebuild"):
        files.load_wording(tmp_path / "w", len(TEXTS))


def test_no_papers_have_a_matrix_too(tmp_path: Path) -> None:
    files.save_wording(Wording.of([]), tmp_path / "w")
    assert files.load_wording(tmp_path / "w", 0).rows == 0
