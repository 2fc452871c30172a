"""The list of generic terms."""

from pathlib import Path

import pytest

from kg.errors import OntologyError
from kg.link.generic import load_generic
from kg.resources import ontology_dir

HEAD = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"


def test_both_kinds_of_names_count_in_normal_form(tmp_path: Path) -> None:
    file = tmp_path / "generic.ttl"
    file.write_text(
        HEAD + '<http://e/a> skos:prefLabel "Neural Networks"@en ; skos:altLabel "NN", "ANNs" ; skos:note "Adam" .',
        encoding="utf-8",
    )
    assert load_generic(file) == {"neural-network", "nn", "ann"}


def test_the_shipped_list_holds_what_links_everything() -> None:
    generic = load_generic(ontology_dir() / "generic.ttl")
    assert "neural-network" in generic
    assert not {"neural-tangent-kernel", "cifar-10", "bert"} & generic


@pytest.mark.parametrize("text", ["no turtle", "<a> <b> .", HEAD + "<http://e/a> skos:prefLabel"])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "generic.ttl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OntologyError, match=r"generic.ttl: cannot be read"):
        load_generic(file)


def test_a_missing_or_garbled_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match=r"none.ttl: cannot be read"):
        load_generic(tmp_path / "none.ttl")
    (tmp_path / "latin.ttl").write_bytes(b"\xff\xfe\xe9")
    with pytest.raises(OntologyError, match=r"latin.ttl: cannot be read"):
        load_generic(tmp_path / "latin.ttl")
