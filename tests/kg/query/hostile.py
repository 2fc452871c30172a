"""Sixty queries that mean harm, each in its own way; test_hostile.py asks them all."""

P = "<http://ex.org/p>"
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
DEPTHS = (100, 1_000, 10_000, 100_000)


def _nested(opening: str, inner: str, closing: str, depth: int) -> str:
    return opening * depth + inner + closing * depth


def _doubling(function: str, steps: int) -> str:
    """A chain of BINDs of which each makes its text ten times as long, by this function of one argument."""
    chain = 'BIND("0123456789" AS ?a0) '
    for step in range(steps):
        chain += f"BIND({function.format(a=f'?a{step}')} AS ?a{step + 1}) "
    return f"SELECT (STRLEN(?a{steps}) AS ?n) {{ {chain} }}"


CROSS_PRODUCTS = [
    f"SELECT * {{ {CROSS} }} ORDER BY ?c ?f ?i",
    f"SELECT * {{ {CROSS} }} ORDER BY DESC(?i) LIMIT 1",
    f"SELECT * {{ {CROSS} }} OFFSET 100000000",
    f"SELECT DISTINCT * {{ {CROSS} }} LIMIT 1000000000",
    f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {CROSS} }}",
    f"SELECT (SUM(STRLEN(?c)) AS ?n) {{ {CROSS} }} GROUP BY ?f HAVING(SUM(STRLEN(?i)) < 0)",
    f'SELECT (GROUP_CONCAT(DISTINCT ?c; separator="") AS ?n) {{ {CROSS} }}',
    f"SELECT (SAMPLE(?c) AS ?n) {{ {CROSS} }} GROUP BY ?a ?d ?g",
    f"SELECT * {{ {CROSS} FILTER(CONCAT(STR(?c), STR(?f), STR(?i)) = 'x') }}",
    f"SELECT * {{ {{ SELECT * {{ {CROSS} }} ORDER BY ?c }} {{ SELECT * {{ ?j ?k ?l }} ORDER BY ?l }} }}",
    f"CONSTRUCT {{ ?a ?b ?f . ?d ?e ?i . ?g ?h ?c }} WHERE {{ {CROSS} }} ORDER BY ?c",
    f"DESCRIBE ?a ?d ?g {{ {CROSS} }}",
    f"ASK {{ {CROSS} . ?j ?k ?l FILTER(?c != ?c) }}",
    f"SELECT * {{ ?x ?y ?z MINUS {{ {CROSS} FILTER(?c != ?c) ?x ?y ?z }} }}",
    f"SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ {CROSS} FILTER(?c = ?o && ?f = ?i && ?f != ?c) }} }}",
    "SELECT * { VALUES ?x { "
    + "1 " * 3000
    + "} VALUES ?y { "
    + "1 " * 3000
    + "} VALUES ?z { 1 2 3 4 5 } } ORDER BY ?z",
]
PATHS = [
    f"SELECT * {{ ?a ({P}|^{P})* ?b . ?c ({P}|^{P})* ?d . ?e ({P}|^{P})* ?f }} ORDER BY ?b ?d",
    "SELECT * { ?a (!<urn:x>)+ ?b . ?c (!<urn:x>|^!<urn:x>)+ ?d . ?e (!<urn:x>|^!<urn:x>)+ ?f } ORDER BY ?f",
    f"SELECT * {{ ?a {_nested('(', P, ')*', 90)} ?b }}",
    f"SELECT * {{ ?a {_nested('(', P + '?', '/^' + P + ')*', 60)} ?b }}",
    f"SELECT * {{ ?a {'/'.join([P] * 480)} ?b }}",
    f"SELECT * {{ ?a {'|'.join([P] * 480)} ?b . ?c {'|'.join([P] * 10)} ?d . ?e ?f ?g }} ORDER BY ?b",
    f"SELECT * {{ ?a {'/'.join(['(' + P + '|^' + P + ')'] * 120)} ?b }} ORDER BY ?b",
    f"SELECT (COUNT(*) AS ?n) {{ ?a ({P}/^{P})* ?b . ?b ({P}/^{P})* ?c . ?c ({P}/^{P})* ?d }}",
]
PLANS = [
    "SELECT * { " + " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(200)) + " } ORDER BY ?o1",
    "SELECT * { " + " . ".join(f"?s {P} ?o{n}" for n in range(200)) + " } ORDER BY ?o1",
    "SELECT * { " + " . ".join(f"?s{n} {P} ?s{(n + 1) % 200}" for n in range(200)) + " }",
    "SELECT * { " + " ".join(f"OPTIONAL {{ ?s{n} ?p{n} ?o{n} }}" for n in range(240)) + " } ORDER BY ?o1",
    "SELECT * { " + _nested("OPTIONAL { ?a ?b ?c . ", "?d ?e ?f", " }", 90) + " } ORDER BY ?f",
    "SELECT * { " + " UNION ".join([f"{{ {CROSS} }}"] * 200) + " } ORDER BY ?c",
    "SELECT * { ?a ?b ?c " + " ".join(f"MINUS {{ ?d{n} ?e{n} ?f{n} . ?a ?b ?c{n} }}" for n in range(150)) + " }",
    "SELECT * { ?a ?b ?c FILTER("
    + " || ".join(f"?c = {n}" for n in range(240))
    + ") . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c",
    "SELECT * { ?s ?p " + _nested("[ ?q ", "?o", " ]", 90) + " . ?x ?y ?z } ORDER BY ?o",
    "SELECT * { ?s ?p " + _nested("( ", "?o", " )", 90) + " } ORDER BY ?o",
    _nested("SELECT * { { ", "?a ?b ?c . ?d ?e ?f . ?g ?h ?i", " } } ORDER BY ?c", 40).replace(
        "{ { SELECT", "{ { SELECT"
    ),
    "SELECT * { ?s ?p ?o FILTER(?o IN (" + ", ".join(map(str, range(9000))) + ")) . ?d ?e ?f . ?g ?h ?i } ORDER BY ?f",
]
TEXTS = [
    _doubling("CONCAT({a},{a},{a},{a},{a},{a},{a},{a},{a},{a})", 12),
    _doubling('REPLACE({a}, ".", "0123456789")', 12),
    _doubling('REPLACE({a}, "(.)", "$1$1$1$1$1$1$1$1$1$1")', 12),
    _doubling("ENCODE_FOR_URI(CONCAT({a}, '%%%%%%%%', {a}))", 60),
    _doubling("STRAFTER(CONCAT('x', {a}, {a}, {a}, {a}), 'x')", 40),
    _doubling("STR(CONCAT(UCASE({a}), LCASE({a}), SHA512({a})))", 60),
    'SELECT (REGEX("' + "a" * 50_000 + '", "(a{1,500}){1,500}$") AS ?x) {}',
    'SELECT (REGEX("' + "a" * 50_000 + '", "^(((a+)+)+)+b$") AS ?x) {}',
    'SELECT (REPLACE("' + "a" * 30_000 + '", "a*?", "' + "b" * 20_000 + '") AS ?x) {}',
    "SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), CONCAT(STR(?o), '(a|ab){1,900}'))) . ?a ?b ?c . ?d ?e ?f } ORDER BY ?f",
    "SELECT ('" + "x" * 60_000 + "' AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    f"SELECT (GROUP_CONCAT(?t) AS ?n) {{ {CROSS} BIND(CONCAT(STR(?c), STR(?f), STR(?i)) AS ?t) }} GROUP BY ?b",
]
NESTED = [
    f"SELECT * {{ {_nested(opening, inner, closing, depth)} }}"
    for opening, inner, closing in [
        ("{ ", "?s ?p ?o", " }"),
        ("[ ?p ", "?o", " ]"),
        ("<<( ?s ?p ", "?o", " )>>"),
        ("FILTER NOT EXISTS { ?s ?p ?o . ", "?s ?p ?o", " }"),
    ]
    for depth in DEPTHS
] + [
    f"SELECT ({_nested(opening, '1', closing, depth)} AS ?x) {{}}"
    for opening, closing in [("(", ")"), ("!", ""), ("- ", ""), ("(1+", ")"), ("IF(1, 1, ", ")")]
    for depth in (1_000, 100_000)
]
QUERIES = [*CROSS_PRODUCTS, *PATHS, *PLANS, *TEXTS, *NESTED]
