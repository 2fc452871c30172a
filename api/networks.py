"""Networks that were drawn, kept for the next who asks."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

from kg.errors import QueryBusyError
from kg.model import Label, Network
from kg.settings import Settings
from kg.view.concepts import CANDIDATES, concept_network
from kg.workspace import Reader


class NetworkCache:
    """The networks drawn last. Laying one out takes a second or two; one is drawn at a time."""

    SIZE = 16
    WAITING = 4

    def __init__(self) -> None:
        """Start empty."""
        self._networks: OrderedDict[Hashable, Network] = OrderedDict()
        self._cache = threading.Lock()
        self._drawing = threading.Lock()
        self._line = threading.BoundedSemaphore(self.WAITING)

    def get(
        self,
        reader: Reader,
        settings: Settings,
        focus: str | None,
        limit: int | None,
        types: list[Label] | None,
    ) -> Network:
        """The network of a snapshot; raises NotFoundError for an unknown focus, QueryBusyError if many wait."""
        labels = tuple(sorted(set(types))) if types else tuple(Label)
        key = (str(reader.path), focus, limit, labels)
        if found := self._kept(key):
            return found
        if not self._line.acquire(blocking=False):
            raise QueryBusyError("several networks are being drawn; try again in a moment")
        try:
            with self._drawing:
                return self._kept(key) or self._draw(key, reader, settings, focus, limit, labels)
        finally:
            self._line.release()

    def _kept(self, key: Hashable) -> Network | None:
        with self._cache:
            if key in self._networks:
                self._networks.move_to_end(key)
            return self._networks.get(key)

    def _draw(
        self,
        key: Hashable,
        reader: Reader,
        settings: Settings,
        focus: str | None,
        limit: int | None,
        labels: tuple[Label, ...],
    ) -> Network:
        drawn = concept_network(
            reader.catalogue,
            reader.index.entities(limit=CANDIDATES),
            limit=limit,
            default=settings.network_nodes,
            total=reader.index.entity_count(labels),
            focus=focus,
            labels=labels,
        )
        with self._cache:
            self._networks[key] = drawn
            while len(self._networks) > self.SIZE:
                self._networks.popitem(last=False)
        return drawn
