"""Text from a client -> the form of its SPARQL query, or a refusal, before any engine sees it.

A lexical check, linear in the text: it knows tokens, not grammar, so what it lets through may still be a
syntax error. Its job is to refuse calls to other servers (SERVICE), updates, and texts whose size or
nesting would crash a recursive parser. The engine's parser is a PEG that splits ``SERVICEx:y`` or
``?a<1)SERVICE`` where the SPARQL 1.1 token rules would not; such double readings are refused too. The
second wall, for Linux, is in ``kg.query.worker``.
"""

import re
from collections import deque
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from kg.errors import BadQueryError
from kg.query.results import ResultFormat

MAX_BYTES = 64 * 1024
MAX_DEPTH = 100
MAX_OPERATORS = 500


class QueryForm(StrEnum):
    """What a query asks for: rows, yes or no, or a graph."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is triples and not a table or a boolean."""
        return self in (QueryForm.CONSTRUCT, QueryForm.DESCRIBE)


class Inspected(NamedTuple):
    """A query that passed; ``own_dataset`` means that it names its graphs with FROM."""

    form: QueryForm
    own_dataset: bool


_LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_IN_VAR = _LETTER + "_0-9\u00b7\u0300-\u036f\u203f\u2040"
_IN_NAME = _IN_VAR + "\\-"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_STRING_ESCAPE = rf"\\[tbnrf\"'\\]|{_UCHAR}"
# Possessive loops (*+) keep every alternative linear; a name never ends in a dot.
_TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\n]++|\#[^\r\n]*+)
    |(?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_UCHAR})*+>)
    |(?P<variable>[?$][{_LETTER}_0-9][{_IN_VAR}]*+)
    |(?P<blank>_:[{_LETTER}_0-9](?:\.*+[{_IN_NAME}])*+)
    |(?P<word>[{_LETTER}](?:\.*+[{_IN_NAME}])*+)
    |(?P<prefixed>:)
    |(?P<string>\"\"\"(?:[^"\\]|"(?!"")|{_STRING_ESCAPE})*+\"\"\"
        |'''(?:[^'\\]|'(?!'')|{_STRING_ESCAPE})*+'''
        |"(?!"")(?:[^"\\\r\n]|{_STRING_ESCAPE})*+"
        |'(?!'')(?:[^'\\\r\n]|{_STRING_ESCAPE})*+')
    |(?P<tag>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?)
    |(?P<number>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)
    |(?P<open>[(\[{{]|<<)
    |(?P<close>[)\]}}]|>>)
    |(?P<operator>\|\||&&|!=|<=|>=|[|/^!*+=<>?~-])
    |(?P<other>\^\^|[.;,])
    """,
    re.VERBOSE,
)
_LOCAL = re.compile(rf"(?:(?:[{_LETTER}_0-9:]|{_ESCAPED})(?:\.*+(?:[{_IN_NAME}:]|{_ESCAPED}))*+)?")
_CODEPOINT = re.compile(r"\\\\|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*+://")
_PARTS = re.compile(r"[^\W_]\w*+|-")

_FORMS = frozenset(QueryForm)
_PROLOGUE = frozenset({"PREFIX", "BASE", "VERSION"})
_UPDATES = frozenset(
    {"INSERT", "DELETE", "DROP", "CLEAR", "CREATE", "COPY", "MOVE", "ADD", "WITH", "LOAD"},
)
# Each nests the plan of the query one level deeper, like an operator does.
_NESTING_WORDS = frozenset({"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "EXISTS", "IN", "GRAPH"})
_OPERANDS = frozenset({"iri", "variable", "blank", "word", "prefixed", "string", "tag", "number", "close"})
_NO_SERVICE = "SERVICE is not allowed: queries are answered from this graph alone and call no other server"


def check(query: str) -> QueryForm:
    """Raise BadQueryError, with the reason, unless the text may be handed to the engine."""
    return inspect(query).form


@lru_cache(maxsize=256)  # a request looks at its query more than once, and clients ask again
def inspect(query: str) -> Inspected:
    r"""``check``, and whether the query chooses its own graphs.

    SPARQL 1.1 decodes ``\uXXXX`` before it looks for tokens, the engine decodes it inside strings and
    IRIs only. Both readings must be harmless.
    """
    return [Scanner(reading).scan() for reading in readings(query)][-1]


def readings(text: str) -> list[str]:
    r"""The text with its ``\uXXXX`` decoded and, where it has some, as it stands; raises BadQueryError."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise BadQueryError("the query is not valid Unicode: it holds half a surrogate pair") from None
    if size > MAX_BYTES:
        raise BadQueryError(f"the query is {size} bytes long; at most {MAX_BYTES} are allowed")
    decoded = _CODEPOINT.sub(_decode, text)
    return [decoded] if decoded == text else [decoded, text]


def require_fit(form: QueryForm, result_format: ResultFormat) -> None:
    """Raise BadQueryError when an answer of this form cannot be written in this format."""
    if form.gives_graph != result_format.is_graph:
        fitting = ", ".join(name for name in ResultFormat if name.is_graph == form.gives_graph)
        raise BadQueryError(f"{form} cannot be answered as {result_format}; ask for one of {fitting}")


def _decode(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2]
    if not digits:
        return escape[0]
    code = int(digits, 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise BadQueryError(f"{escape[0]} is not a Unicode character")
    return chr(code)


class Token(NamedTuple):
    """A piece of the text; ``kind`` is the name of its group in the pattern of tokens."""

    kind: str
    text: str


class Scanner:
    """Reads one text from token to token, counting what nests."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = self.start = 0
        self.form: QueryForm | None = None
        self.own_dataset = False
        self.operators = 0
        self.in_values = False
        self.open: list[str] = []
        self.last: deque[Token] = deque([Token("start", "")] * 3, maxlen=3)
        self.names_service = "SERVICE" in text.upper()

    def scan(self) -> Inspected:
        """What the query is; raises BadQueryError."""
        while self.position < len(self.text):
            token = self._next()
            if token.kind == "space":
                continue
            if self.form is None:
                self._prologue(token)
            else:
                self._body(token)
            self.last.append(token)
        if self.form is None:
            what = "is empty" if self.last[-1].kind == "start" else "ends before its form"
            raise BadQueryError(f"the query {what}: it needs SELECT, ASK, CONSTRUCT or DESCRIBE")
        return Inspected(self.form, self.own_dataset)

    def _next(self) -> Token:
        match = _TOKEN.match(self.text, self.position)
        if match is None or match.lastgroup is None:
            raise self._unreadable()
        kind, text, end = match.lastgroup, match[0], match.end()
        if kind == "word" and self.text.startswith(":", end):
            kind, end = "prefixed", end + 1
        if kind == "prefixed":
            local = _LOCAL.match(self.text, end)
            end = local.end() if local else end
        elif text[0] == "<" and self._may_compare():
            kind, end = self._compare(kind, text, end)
        token = Token(kind, self.text[self.position : end])
        self.start, self.position = self.position, end
        return token

    def _may_compare(self) -> bool:
        """After a value inside parentheses the engine takes ``<`` for less-than, whatever follows."""
        in_parentheses = self.open[-1:] == ["("] and not self.in_values
        return in_parentheses and self.last[-1].kind in _OPERANDS

    def _compare(self, kind: str, text: str, end: int) -> tuple[str, int]:
        if kind == "open":
            return "operator", self.position + 1
        if kind == "iri" and self.names_service and not _ABSOLUTE.match(text) and re.search("[()'#]", text):
            raise self._refused(f"put a space after the < of {text}: it could hide a SERVICE call")
        return kind, end

    def _prologue(self, token: Token) -> None:
        if token.kind == "word":
            word = token.text.upper()
            if word in _FORMS:
                self.form = QueryForm(word)
            elif word not in _PROLOGUE:
                self._forbid(word)
                raise self._refused(f"expected SELECT, ASK, CONSTRUCT or DESCRIBE, found {token.text[:40]}")
        elif token.kind not in ("iri", "prefixed", "string"):
            raise self._refused(f"expected SELECT, ASK, CONSTRUCT or DESCRIBE, found {token.text[:40]}")

    def _body(self, token: Token) -> None:
        match token.kind:
            case "word":
                for part in _PARTS.findall(token.text.upper()):
                    self._word(part)
            case "open":
                self._opened(token.text)
            case "close":
                self.in_values = self.in_values and token.text != "}"
                if self.open and (token.text != ">>" or self.open[-1] == "<<"):
                    self.open.pop()
            case "operator":
                signs_a_number = self.in_values and token.text in "+-"
                self._count(0 if signs_a_number else 1)

    def _word(self, word: str) -> None:
        self._forbid(word)
        self._count(1 if word == "-" or word in _NESTING_WORDS else 0)
        self.in_values = self.in_values or word == "VALUES"
        # The engine reads FROMNAMED like FROM NAMED; no other keyword starts so.
        self.own_dataset = self.own_dataset or word.startswith("FROM")

    def _forbid(self, word: str) -> None:
        if "SERVICE" in word:
            raise self._refused(_NO_SERVICE)
        if word == "LOAD":
            raise self._refused("LOAD is not allowed: this endpoint reads nothing from other places")
        if word in _UPDATES:
            raise self._refused(f"{word} is not allowed: this endpoint answers queries, it takes no updates")

    def _opened(self, bracket: str) -> None:
        if bracket == "{":
            self._count(1)
            if self.open and self._calls_service():
                raise self._refused(f"{_NO_SERVICE}; if none is meant, end the triple before {{ with a dot")
        self.open.append(bracket)
        if len(self.open) > MAX_DEPTH:
            raise self._refused(f"the query nests brackets more than {MAX_DEPTH} deep")

    def _calls_service(self) -> bool:
        """Whether ``SERVICE [SILENT] target`` may stand before this brace, glued into a prefixed name."""
        before, middle, last = self.last
        if _names_service(last):
            return middle.text.upper() != "GRAPH"
        silent = "SILENT" in middle.text.upper() and _names_service(before)
        return last.kind in ("iri", "variable", "prefixed") and (_names_service(middle) or silent)

    def _count(self, more: int) -> None:
        self.operators += more
        if self.operators > MAX_OPERATORS:
            raise self._refused(f"the query has more than {MAX_OPERATORS} operators, path steps and groups")

    def _unreadable(self) -> BadQueryError:
        char = self.text[self.position]
        self.start = self.position
        if char in "\"'":
            return self._refused("this string never ends, or holds a line break or an unknown escape")
        if char == "\\":
            return self._refused("a \\ escape may stand only in strings, IRIs and local names")
        return self._refused(f"unexpected character {char!a}")

    def _refused(self, reason: str) -> BadQueryError:
        line = self.text.count("\n", 0, self.start) + 1
        column = self.start - self.text.rfind("\n", 0, self.start)
        return BadQueryError.at(line, column, reason)


def _names_service(token: Token) -> bool:
    return token.kind in ("prefixed", "blank") and "SERVICE" in token.text.upper()
