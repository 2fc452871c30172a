"""Numbers for Prometheus: what was asked, what it cost, what was refused, and how old the snapshot is.

All labels are of closed sets: route templates, never paths; reasons and outcomes of ours. Nothing is kept of clients.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from api.record import Record

WorkKind: TypeAlias = Literal["query", "extraction", "analysis"]
Outcome: TypeAlias = Literal["answered", "timeout", "memory", "busy", "refused", "failed", "fault", "gone"]

_ANSWER_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_KILLED: frozenset[Outcome] = frozenset({"timeout", "memory", "gone"})
_REFUSED = {401: "token", 403: "token", 408: "body", 413: "body", 415: "body", 429: "budget"}


class Published(NamedTuple):
    """Which snapshot is in use, and when it was made, in seconds since 1970."""

    generation: int
    at: float

    @property
    def when(self) -> datetime:
        """The same moment in UTC."""
        return datetime.fromtimestamp(int(self.at), UTC)


class Watched(Protocol):
    """A pool of processes, as far as it is looked at here."""

    @property
    def busy(self) -> int:
        """How many processes work now."""

    @property
    def waiting(self) -> int:
        """How many requests wait for a process."""


class Metrics:
    """The numbers of one service, in a registry of their own.

    ``snapshot`` says which one is in use, if any; ``pools`` which ones there are now, by the kind of their work.
    """

    def __init__(
        self,
        snapshot: Callable[[], Published | None] = lambda: None,
        pools: Callable[[], Mapping[str, Watched]] = dict,
    ) -> None:
        """Start at zero."""
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(_Snapshot(snapshot))
        self._registry.register(_Pools(pools))
        own: dict[str, Any] = {"namespace": "kg", "registry": self._registry}
        self._requests = Histogram(
            "request_seconds",
            "Time to answer a request, in seconds.",
            ("method", "route", "status"),
            buckets=_ANSWER_SECONDS,
            **own,
        )
        self._work = Histogram(
            "work_seconds",
            "Time that a worker process spent for a client, in seconds.",
            ("kind", "outcome"),
            buckets=_ANSWER_SECONDS,
            **own,
        )
        self._killed = Counter("killed", "Workers ended for what they worked on.", ("kind", "reason"), **own)
        self._truncated = Counter("truncated", "Answers that were cut at a limit.", ("kind",), **own)
        self._refused = Counter("refused", "Requests refused for body, token or budget.", ("reason",), **own)
        self._at_work = Gauge("at_work", "Requests that a worker answers or that wait for one.", ("kind",), **own)
        self._connections = Gauge("connections", "Open connections.", **own)
        self._closed = Counter("connections_closed", "Connections closed as too many or too slow.", ("reason",), **own)

    def answered(self, record: Record) -> None:
        """Count a request."""
        self._requests.labels(record.method, record.route, str(record.status)).observe(record.seconds)
        if refusal := _REFUSED.get(record.status):
            self._refused.labels(refusal).inc()

    def at_work(self, kind: WorkKind) -> AbstractContextManager[object]:
        """Count what happens inside as being worked on."""
        return self._at_work.labels(kind).track_inprogress()

    def worked(self, kind: WorkKind, outcome: Outcome, seconds: float, *, truncated: bool = False) -> None:
        """Count work for a client that came to an end."""
        self._work.labels(kind, outcome).observe(seconds)
        if outcome in _KILLED:
            self._killed.labels(kind, outcome).inc()
        if truncated:
            self._truncated.labels(kind).inc()

    def connections(self, number: int) -> None:
        """Set how many are open."""
        self._connections.set(number)

    def closed(self, reason: str) -> None:
        """Count a connection that was too many or too slow."""
        self._closed.labels(reason).inc()

    def text(self, accept: str) -> tuple[bytes, str]:
        """All numbers in the form that a scraper accepts, and its media type."""
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type


class _Snapshot(Collector):
    """Looked up when it is asked for."""

    def __init__(self, snapshot: Callable[[], Published | None]) -> None:
        self._snapshot = snapshot

    def collect(self) -> Iterator[Metric]:
        """As prometheus_client calls it."""
        if found := self._snapshot():
            yield GaugeMetricFamily("kg_snapshot_generation", "Number of the snapshot in use.", found.generation)
            age = max(0.0, time.time() - found.at)
            yield GaugeMetricFamily("kg_snapshot_age_seconds", "Time since the snapshot in use was made.", age)


class _Pools(Collector):
    """Looked up when it is asked for."""

    def __init__(self, pools: Callable[[], Mapping[str, Watched]]) -> None:
        self._pools = pools

    def collect(self) -> Iterator[Metric]:
        """As prometheus_client calls it."""
        busy = GaugeMetricFamily("kg_workers_busy", "Processes that work for a client now.", labels=["kind"])
        waiting = GaugeMetricFamily("kg_waiting", "Requests that wait for a process.", labels=["kind"])
        for kind, pool in self._pools().items():
            busy.add_metric([kind], pool.busy)
            waiting.add_metric([kind], pool.waiting)
        yield from (busy, waiting)
