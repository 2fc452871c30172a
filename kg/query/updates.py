"""Text from a client -> its SPARQL Update as tokens, or a refusal, before any engine sees it.

As ``kg.query.guard`` does for queries, and stricter outside of braces: there the engine would read ``LOADx:y`` or
``USINGNAMED`` as two tokens each, so only the keywords of updates may stand there, each by itself.
"""

from typing import NamedTuple

from kg.query.guard import Scanner, Token, readings

PROLOGUE = frozenset({"PREFIX", "BASE", "VERSION"})
OPERATIONS = frozenset({"INSERT", "DELETE", "WITH", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"})
_KEYWORDS = OPERATIONS | {"DATA", "WHERE", "USING", "NAMED", "GRAPH", "DEFAULT", "ALL", "SILENT", "TO"}
_DECLARATIONS = frozenset({("PREFIX", "prefixed"), ("prefixed", "iri"), ("BASE", "iri"), ("VERSION", "string")})
_EXPECTED = "INSERT, DELETE, WITH, CLEAR, DROP, CREATE, ADD, MOVE or COPY"
_NO_LOAD = "LOAD is not allowed: nothing is fetched from other places; send the document itself to /graph-store"


class Piece(NamedTuple):
    """A token of an update with its place; ``depth`` counts the brackets that are open around it."""

    kind: str
    text: str
    start: int
    depth: int

    @property
    def word(self) -> str:
        """The keyword in capitals; empty for what is no word."""
        return self.text.upper() if self.kind == "word" else ""


def inspect_update(text: str) -> list[Piece]:
    """The tokens of an update that may be handed to the engine; raises BadQueryError with the reason."""
    return [_UpdateScanner(reading).pieces() for reading in readings(text)][-1]


class _UpdateScanner(Scanner):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.names_service = self.names_service or "LOAD" in text.upper()
        self.operation = ""
        self.in_prologue = self.in_data = False

    def pieces(self) -> list[Piece]:
        found = []
        while self.position < len(self.text):
            token = self._next()
            if token.kind == "space":
                continue
            if not self.open:
                self._outside(token)
            found.append(Piece(token.kind, token.text, self.start, len(self.open)))
            signs_a_number = self.in_data and token.text in ("+", "-")
            if not signs_a_number:
                self._body(token)
            self.last.append(token)
        return found

    def _outside(self, token: Token) -> None:
        """Before, after and between the groups in braces."""
        word = token.text.upper() if token.kind == "word" else ""
        declared = self.last[-1].text.upper() == "PREFIX"
        if word == "LOAD" or (not self.operation and not declared and token.text.upper().startswith("LOAD")):
            raise self._refused(_NO_LOAD)
        if token.text == ";":
            self.operation, self.in_prologue, self.in_data = "", False, False
        elif not self.operation and word in PROLOGUE:
            self.in_prologue = True
        elif not self.operation and word in OPERATIONS:
            self.operation, self.in_prologue = word, False
        elif self.in_prologue:
            self._in_prologue(token)
        elif not self.operation:
            raise self._refused(f"expected {_EXPECTED}, found {token.text[:40]}")
        else:
            self._in_operation(token, word)

    def _in_prologue(self, token: Token) -> None:
        """Only what its keyword asks for: ``WITHx:y`` must not pass for a prefix."""
        last = self.last[-1]
        after = last.text.upper() if last.kind == "word" else last.kind
        if (after, token.kind) not in _DECLARATIONS:
            raise self._refused(f"expected {_EXPECTED}, found {token.text[:40]}")

    def _in_operation(self, token: Token, word: str) -> None:
        if word == "DATA":
            self.in_data = True
        names_a_graph = token.kind in ("iri", "prefixed") and self.last[-1].kind == "word"
        if word not in _KEYWORDS and not names_a_graph and token.text not in ("{", "}"):
            raise self._refused(f"{token.text[:40]} cannot stand outside of braces in an update")

    def _forbid(self, word: str) -> None:
        if "SERVICE" in word:
            raise self._refused("SERVICE is not allowed: updates are worked out from this graph alone")
        if word == "LOAD":
            raise self._refused(_NO_LOAD)
