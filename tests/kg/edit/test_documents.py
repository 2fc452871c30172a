import tracemalloc

import pytest

from kg.edit.documents import Document, require_harmless
from kg.errors import BadRdfError

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
LAUGHS = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))
BOMBS = {
    "billion laughs": f'<!DOCTYPE r [<!ENTITY l0 "lol">{LAUGHS}]><r>&l9;</r>',
    "quadratic": f'<!DOCTYPE r [<!ENTITY a "{"a" * 50_000}">]><r>{"&a;" * 50_000}</r>',
    "recursion": '<!DOCTYPE r [<!ENTITY a "&b;"><!ENTITY b "&a;">]><r>&a;</r>',
    "external entity": '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>',
    "external DTD": '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><r/>',
    "parameter entity": '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]><r/>',
    "after a comment": '<?xml version="1.0"?><!-- > --><!DOCTYPE r><r/>',
    "in lower case": "<!doctype r><r/>",
    "outside of a document type": '<!ENTITY a "b"><r/>',
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
def test_document_types_are_refused_before_they_grow(body: str) -> None:
    tracemalloc.start()
    with pytest.raises(BadRdfError, match=r"DOCTYPE|as XML"):
        require_harmless(Document(body.encode(), "rdfxml", ""))
    assert tracemalloc.get_traced_memory()[1] < 4 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-7", "latin-1"])
@pytest.mark.parametrize("declared", ["", '<?xml version="1.0" encoding="{}"?>'])
def test_no_encoding_hides_a_document_type(encoding: str, declared: str) -> None:
    body = declared.format(encoding) + '<!DOCTYPE r [<!ENTITY a "é">]><r>&a;</r>'
    with pytest.raises(BadRdfError):
        require_harmless(Document(body.encode(encoding), "rdfxml", ""))


def test_only_utf8_is_read() -> None:
    for syntax in ("turtle", "ntriples", "jsonld", "rdfxml"):
        with pytest.raises(BadRdfError, match="not UTF-8 at byte 3"):
            require_harmless(Document(b"<a>\xff", syntax, ""))


@pytest.mark.parametrize("body", ["", RDF, RDF + "<rdf:Description>", RDF + "</rdf:RDF", "text"])
def test_what_is_cut_off_is_refused(body: str) -> None:
    with pytest.raises(BadRdfError, match=r"cannot be read as XML: .*line 1"):
        require_harmless(Document(body.encode(), "rdfxml", ""))


def test_plain_documents_pass() -> None:
    talk = "<!-- a DOCTYPE, an ENTITY --><![CDATA[<!DOCTYPE r>]]>&amp;&#233;"
    for body in (f"{RDF}</rdf:RDF>", f'<?xml version="1.0" encoding="UTF-8"?>{RDF}{talk}</rdf:RDF>'):
        require_harmless(Document(body.encode(), "rdfxml", ""))
    require_harmless(Document(b"<!DOCTYPE> is no matter in Turtle", "turtle", ""))
