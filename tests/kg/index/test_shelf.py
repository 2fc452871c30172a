from kg.workspace import Reader


def test_rows_are_those_of_the_matrix_and_numbers_those_of_the_index(reader: Reader) -> None:
    shelf, ids = reader.shelf, list(reader.incidence.papers)
    assert [hit.id for hit in reader.index.hits(shelf.numbers.tolist())] == ids
    assert shelf.rows[shelf.numbers].tolist() == list(range(len(ids)))
    titles = [hit.id for hit in reader.index.papers(limit=99)]
    assert [ids[row] for row in shelf.by_title] == titles


def test_papers_that_hold_words(reader: Reader) -> None:
    ids = list(reader.incidence.papers)

    def holding(text: str, *, in_title: bool = False) -> list[str]:
        return [ids[row] for row in reader.shelf.holding(reader.index, text, in_title=in_title).nonzero()[0]]

    assert holding("Attention") == ["mt", "vision"]
    assert holding("attention tran") == ["mt"]
    assert holding("attention", in_title=True) == ["mt"]
    assert holding("attention accuracy", in_title=True) == []
    assert holding('"; DROP TABLE papers') == []
    assert holding("") == []


def test_hits_show_the_words_where_they_stand(reader: Reader) -> None:
    number = int(reader.shelf.numbers[reader.incidence.row("mt")])
    other = int(reader.shelf.numbers[reader.incidence.row("ntk")])
    found, without = reader.index.hits([number, other], "translation")
    assert ("translation", True) in found.pieces
    assert without.pieces == ()
    assert reader.index.hits([]) == []
