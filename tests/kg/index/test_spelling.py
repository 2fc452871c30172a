import sqlite3
from collections import Counter
from collections.abc import Iterator

import pytest

from kg.index import spelling


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:")
    made.executescript(spelling.SCHEMA)
    spelling.count(
        made,
        Counter(
            {"graph": 500, "neural": 400, "network": 300, "networks": 200, "transformer": 90, "transfromer": 2}
            | {"generative": 80, "generate": 40, "adversarial": 70, "convolutional": 60, "mean": 50, "form": 30}
        ),
    )
    yield made
    made.close()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("grapgh nueral netwrok", "graph neural network"),
        ("transfromer", "transformer"),
        ("generatve adverserial netwroks", "generative adversarial networks"),
        ("convolutoinall", "convolutional"),
        ("convolutoin", "convolutional"),
        ("ggraph nneural", "graph neural"),
    ],
)
def test_slips_are_mended(db: sqlite3.Connection, typed: str, words: str) -> None:
    assert spelling.meant(db, typed.split()) == words.split()


@pytest.mark.parametrize("typed", ["graph", "net neu", "convolut", "fmr", "gan", "4096", "completely unknown", ""])
def test_what_may_be_right_is_left(db: sqlite3.Connection, typed: str) -> None:
    assert spelling.meant(db, typed.split()) is None


def test_what_no_text_holds_is_forgotten(db: sqlite3.Connection) -> None:
    spelling.count(db, Counter({"graph": -500, "neural": -399, "never": -1}))
    assert spelling.meant(db, ["grapgh"]) is None
    assert spelling.meant(db, ["nueral"]) == ["neural"]
    (left,) = db.execute("SELECT count(*) FROM filed WHERE word NOT IN (SELECT id FROM words)").fetchone()
    assert left == 0


def test_words_are_those_that_can_be_told_apart() -> None:
    assert spelling.words_of(["A Poincaré-embedding of ResNet50", "x" * 40]) == {"poincare", "embedding", "resnet"}
