from kg.iri import Iris
from kg.model import Entity, Label, Paper
from kg.view.structured import structured, structured_term
from tests.corpus import BASE


def test_a_paper_is_a_scholarly_article() -> None:
    paper = Paper("a", "Attention", "Text.", ("Ada Lovelace",), 2017, "NeurIPS", "https://x.org/a", "10.1/x", "1706.1")
    iris = Iris(BASE)
    assert structured(paper, [Entity("gan", "GAN", Label.METHOD)], iris) == {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": f"{BASE}id/paper/a",
        "name": "Attention",
        "abstract": "Text.",
        "author": [{"@type": "Person", "name": "Ada Lovelace"}],
        "datePublished": "2017",
        "isPartOf": {"@type": "CreativeWork", "name": "NeurIPS"},
        "url": "https://x.org/a",
        "identifier": ["doi:10.1/x", "arXiv:1706.1"],
        "about": [{"@type": "DefinedTerm", "@id": f"{BASE}id/entity/gan", "name": "GAN"}],
    }


def test_what_is_not_known_is_left_out() -> None:
    assert set(structured(Paper("a", "T"), [], Iris(BASE))) == {"@context", "@type", "@id", "name"}


def test_an_entity_is_a_defined_term() -> None:
    entity = Entity("ntk", "tangent kernel", Label.CONCEPT, ("NTK", "tangent\nkernels"))
    found = structured_term(entity, "A tangent kernel is a kernel.", Iris(BASE))
    assert (found["@type"], found["@id"]) == ("DefinedTerm", f"{BASE}id/entity/ntk")
    assert (found["alternateName"], found["description"]) == (
        ["NTK", "tangent kernels"],
        "A tangent kernel is a kernel.",
    )
    assert str(found["additionalType"]).endswith("#Concept")
    assert "description" not in structured_term(Entity("x", "x", Label.TASK), None, Iris(BASE))
