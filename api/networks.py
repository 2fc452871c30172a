"""Networks that took long to draw, kept for the next who asks."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

from kg.errors import QueryBusyError
from kg.model import Network
from kg.view.concepts import Question, concept_network
from kg.workspace import Reader


class NetworkCache:
    """The networks with evidence that were drawn last. To read the sentences takes a second; one is drawn at a time.

    Those without are drawn at once and not kept.
    """

    SIZE = 4
    WAITING = 4

    def __init__(self) -> None:
        """Start empty."""
        self._networks: OrderedDict[Hashable, Network] = OrderedDict()
        self._cache = threading.Lock()
        self._drawing = threading.Lock()
        self._line = threading.BoundedSemaphore(self.WAITING)

    def get(self, reader: Reader, question: Question) -> Network:
        """The network of a snapshot; raises what ``concept_network`` does, and QueryBusyError if many wait."""
        if not question.choice.examples:
            return concept_network(reader, question)
        key = (str(reader.path), question)
        if found := self._kept(key):
            return found
        if not self._line.acquire(blocking=False):
            raise QueryBusyError("several networks are being drawn; try again in a moment")
        try:
            with self._drawing:
                return self._kept(key) or self._draw(key, reader, question)
        finally:
            self._line.release()

    def _kept(self, key: Hashable) -> Network | None:
        with self._cache:
            if key in self._networks:
                self._networks.move_to_end(key)
            return self._networks.get(key)

    def _draw(self, key: Hashable, reader: Reader, question: Question) -> Network:
        drawn = concept_network(reader, question)
        with self._cache:
            self._networks[key] = drawn
            while len(self._networks) > self.SIZE:
                self._networks.popitem(last=False)
        return drawn
