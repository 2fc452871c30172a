import json

import pytest

from kg.errors import ExtractionError
from kg.model import Label, Role
from kg.resources import model_dir
from kg.view.model_card import load_card, read_card


def test_the_card_that_is_shipped_tells_how_well_the_extractor_does() -> None:
    card = read_card(load_card())
    meta = json.loads((model_dir() / "meta.json").read_text(encoding="utf-8"))
    assert card.title.endswith(f"{meta['name']} {meta['version']}")
    assert card.version.startswith(meta["version"])
    assert len(card.mentions) == 2
    for table in card.mentions:
        assert "papers: " in table.heading
        assert [row[0] for row in table.rows][:-2] == [label.value for label in Label]
        assert {len(row) for row in table.rows} == {len(table.columns)}
    assert [row[0] for row in card.roles.rows][: len(Role)] == [role.value for role in Role]


def test_a_table_is_read_under_its_heading_without_its_stars() -> None:
    text = """# Card of x

Extractor version
`1.2+x`

## Sets
### one, papers: 3

| label | wanted | exact P / R | exact F1 | overlap F1 |
| --- | --- | --- | --- | --- |
| **all** | 1,000 | 1 / 2 | 70.1 | 80 |

| kind | from score | wanted | P / R | F1 |
| --- | --- | --- | --- | --- |
| uses | 0.5 | 3 | 1 / 2 | 3 |
"""
    card = read_card(text)
    assert (card.title, card.version) == ("Card of x", "1.2+x")
    (table,) = card.mentions
    assert table == ("one, papers: 3", ("label", "wanted", "exact F1", "overlap F1"), (("all", "1,000", "70.1", "80"),))
    assert card.roles.rows == (("uses", "3", "1 / 2", "3"),)


def test_another_text_is_no_card() -> None:
    with pytest.raises(ExtractionError, match="no table of roles"):
        read_card("# Nothing")
