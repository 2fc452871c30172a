"""A client's change of the graph -> all of it made, or nothing, by a process that is killed at its deadline.

This side opens no store; the process (``kg.edit.worker``) starts with the first change. When a call returns, readers
that ask for the newest snapshot see the change.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.edit.documents import Document, require_harmless
from kg.edit.operations import over, touched_by
from kg.edit.requests import CLOSE, OPEN, OUT_OF_MEMORY, Change, Verb, outcome_of, pack_change
from kg.errors import KgError, StoreError, WorkBusyError
from kg.process.frames import Verdict
from kg.process.pool import ProcessPool
from kg.process.worker import Work
from kg.query.graphs import SERVICE_CHOICE, GraphSet
from kg.query.updates import inspect_update

_SETTLE_TIMEOUT = 3600.0
"""Seconds to bring an index along or make it anew, and to publish; a graph of ten million quads takes minutes."""
_CLOSE_TIMEOUT = 3.0

_WORK = Work(
    module="kg.edit.worker",
    noun="change",
    unusable=StoreError,
    deaths={-signal.SIGABRT: OUT_OF_MEMORY, -signal.SIGSEGV: "the update is too deeply nested"},
    quiet=True,  # an engine that panics says so at length
)


class EditPool(ProcessPool):
    """Makes one change at a time. ``memory`` is what one may add, in bytes; ``queue`` is how many may wait.

    All methods raise StoreLockedError while another process writes, and the three work errors.
    """

    def __init__(
        self, folder: Path, base: str, *, timeout: float = 60.0, memory: int = 1 << 30, queue: int = 8
    ) -> None:
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(queue)
        super().__init__(_WORK, [str(folder.absolute()), base, str(memory)], timeout=timeout, lazy=True)

    def update(self, text: str, graphs: GraphSet = SERVICE_CHOICE) -> None:
        """Run SPARQL Update; ``graphs`` stand for USING and USING NAMED. Raises BadQueryError."""
        pieces = inspect_update(text)
        touched = touched_by(pieces)
        body = over(text, pieces, graphs).encode()
        self._make(Change("update", None if touched is None else sorted(touched), body, graphs.base))

    def put(self, graph: str | None, document: Document, *, merge: bool) -> bool:
        """Make a graph (None is the unnamed one) hold a document, beside what it holds or instead.

        Returns whether the graph is new. Raises BadRdfError.
        """
        require_harmless(document)
        verb: Verb = "merge" if merge else "put"
        touched = [graph] if graph else []
        change = Change(verb, touched, document.body, document.base, graph or "", document.syntax)
        return self._make(change) == "made"

    def drop(self, graph: str | None) -> bool:
        """Remove a graph; returns whether there was one."""
        return self._make(Change("drop", [graph] if graph else [], graph=graph or "")) != "missing"

    def close(self) -> None:
        """Let a change that is being made end, for some seconds, then end the process."""
        taken = self._turn.acquire(timeout=_CLOSE_TIMEOUT)
        try:
            super().close()
        finally:
            if taken:
                self._turn.release()

    def _make(self, change: Change) -> str:
        with self._next():
            outcome_of(self.ask(OPEN, timeout=_SETTLE_TIMEOUT))
            # A process that ends here takes its lock on the store along: then there is nothing to close.
            answer = self.ask(pack_change(change))
            if answer[0] is not Verdict.NO_MEMORY:
                self._settle(made=answer[0] is Verdict.ANSWER)
        return outcome_of(answer)

    def _settle(self, *, made: bool) -> None:
        try:
            outcome_of(self.ask(CLOSE, timeout=_SETTLE_TIMEOUT))
        except KgError as error:
            if not made:
                raise
            told = f"the change is kept, but readers will see it only after the next one: {error}"
            raise StoreError(told) from error

    @contextmanager
    def _next(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise WorkBusyError("too many changes are waiting already; try again later")
        try:
            if not self._turn.acquire(timeout=self._timeout):
                raise WorkBusyError(f"the changes before this one took more than {self._timeout:g} s; try again later")
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()
