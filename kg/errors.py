"""The errors that paperkg raises on purpose; everything else that escapes is a bug."""

import re
from collections.abc import Sequence

_PLACE = re.compile(r"line (\d+), column (\d+): ")


class KgError(Exception):
    """Base of all expected failures; its text is fit to show a user as it stands."""


class SourceError(KgError):
    """Input that cannot be read, or one record of it; ``location`` is ``file:line`` or ``file``."""

    def __init__(self, location: str, reason: str) -> None:
        super().__init__(f"{location}: {reason}")
        self.location = location
        self.reason = reason


class ExtractionError(KgError):
    """The extractor could not be loaded, or could not read a text."""


class OntologyError(KgError):
    """The ontology, the shapes or the vocabulary contradict each other or the data."""


class StoreError(KgError):
    """The store or its data folder cannot be opened, read or written."""


class StoreLockedError(StoreError):
    """Another process writes to the data folder; try again later."""


class StoreFullError(StoreError):
    """The disk of the data folder has too little room left to write."""


class BadRdfError(KgError):
    """An RDF document of a client that cannot be read, or holds what is not allowed here."""


class AccessError(KgError):
    """A write that whoever asks may not make; ``challenge`` is the WWW-Authenticate of RFC 6750, if one helps."""

    challenge: str | None = None


class NoTokenError(AccessError):
    """Who asks brought no token."""

    challenge = 'Bearer realm="paperkg"'


class BadTokenError(AccessError):
    """A token that is malformed, unknown, expired or revoked."""

    challenge = 'Bearer realm="paperkg", error="invalid_token"'


class ScopeError(AccessError):
    """A good token that is not for this: ``scope`` is what it lacks."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"this token lacks the scope {scope}: kg token create --scope {scope} makes one that has it")
        self.challenge = f'Bearer realm="paperkg", error="insufficient_scope", scope="{scope}"'


class NotFoundError(KgError):
    """No such thing in the graph; ``candidates`` are near names, best first."""

    def __init__(self, what: str, name: str, candidates: Sequence[str] = ()) -> None:
        hint = f"; did you mean {', '.join(candidates)}?" if candidates else ""
        super().__init__(f"no {what} {name!r}{hint}")
        self.what = what
        self.name = name
        self.candidates = tuple(candidates)


class GoneError(KgError):
    """A thing that was in the graph and is no more."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"the {what} {name!r} was in this graph, and is no more")


class AmbiguousError(KgError):
    """A name that fits several things; ``candidates`` lists them."""

    def __init__(self, what: str, name: str, candidates: Sequence[str]) -> None:
        several = {"entity": "entities"}.get(what, f"{what}s")
        listed = "; ".join(candidates[:5]) + "; ..." * (len(candidates) > 5)
        super().__init__(f"{name!r} fits several {several}: {listed}")
        self.what = what
        self.name = name
        self.candidates = tuple(candidates)


class QueryError(KgError):
    """A SPARQL query that did not lead to an answer."""


class BadQueryError(QueryError):
    """The query is not legal SPARQL 1.1, or asks for what is not allowed here."""

    @classmethod
    def at(cls, line: int, column: int, reason: str) -> "BadQueryError":
        """An error that names its place in the query; line and column count from 1."""
        return cls(f"line {line}, column {column}: {reason}")

    @property
    def place(self) -> tuple[int, int] | None:
        """Line and column, where they are known. The text alone comes back from a worker, so it holds them."""
        found = _PLACE.match(str(self))
        return (int(found[1]), int(found[2])) if found else None


class WorkTimeoutError(KgError):
    """What a client asked for ran past its time limit and was stopped."""


class WorkResourceError(KgError):
    """What a client asked for ended its process, mostly for want of memory."""


class WorkBusyError(KgError):
    """All processes are taken and the waiting line is full, or they still start; try again later."""


class BudgetError(KgError):
    """A client has used up the work it may ask for; ``retry_after`` says for how many seconds."""

    def __init__(self, retry_after: int, text: str = "your requests have used up their time") -> None:
        super().__init__(f"{text}; ask again in {retry_after} s")
        self.retry_after = retry_after


class JobShareError(BudgetError):
    """Too many jobs of one token wait already."""

    def __init__(self, most: int) -> None:
        super().__init__(60, f"{most} jobs of this token are waiting already, and no more may")


class QueryTimeoutError(QueryError, WorkTimeoutError):
    """The query ran past its time limit and was stopped."""


class QueryResourceError(QueryError, WorkResourceError):
    """The query needed more memory than it may have; its process was ended."""


class QueryBusyError(QueryError, WorkBusyError):
    """All query workers are taken and the waiting line is full; try again later."""
