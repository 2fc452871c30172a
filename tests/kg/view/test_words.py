from kg.prefixes import PREFIXES
from kg.resources import load_graph, ontology_dir
from kg.view.words import Word, words

FOUND = {
    word.name: word for word in words(load_graph(ontology_dir() / "kg.ttl"), load_graph(ontology_dir() / "shapes.ttl"))
}


def test_our_terms_say_what_they_mean_and_what_they_join() -> None:
    assert FOUND["kg:usesMethod"] == Word(
        "kg:usesMethod",
        "property",
        "uses method",
        "The paper works with, builds on or discusses a method that it does not itself introduce.",
        ("kg:Paper",),
        ("kg:Method",),
    )
    assert FOUND["kg:Method"].kind == "class"


def test_terms_of_others_are_told_of_by_the_shapes() -> None:
    name = FOUND["skos:prefLabel"]
    assert (name.kind, name.label) == ("property", "pref label")
    assert name.comment == "An entity has exactly one name, a plain literal that is not empty."
    assert "kg:Method" in name.source
    assert FOUND["dcterms:issued"].source == ("kg:Paper",)
    assert "rdf:type" not in FOUND


def test_every_word_has_a_prefix_that_is_known_and_says_something() -> None:
    for word in FOUND.values():
        assert word.name.partition(":")[0] in PREFIXES
        assert word.label
        assert word.comment
