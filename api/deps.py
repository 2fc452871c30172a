"""What routes need: the newest snapshot, the query workers, the settings. The read side's composition root."""

import asyncio
import logging
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from starlette.concurrency import run_in_threadpool

from api.budget import Budget
from api.kept import Kept
from api.map_charts import ChartCache
from api.metrics import Metrics, Published
from api.networks import NetworkCache
from api.surveyor import Surveyor
from kg.analysis.coverage import Coverage, coverage
from kg.analysis.openings import Openings, openings
from kg.edit.pool import EditPool
from kg.errors import KgError, StoreError
from kg.jobs.runner import JobRunner
from kg.jobs.table import Jobs
from kg.model import Entity, Label, Paper
from kg.preview.pool import PreviewPool
from kg.preview.readings import Preview
from kg.process.pool import ProcessPool
from kg.query.examples import Example
from kg.query.pool import QueryPool
from kg.query.survey import Survey
from kg.settings import Settings
from kg.workspace import Reader, Workspace

log = logging.getLogger(__name__)

# What one query may take that counts all of a large graph, and one that looks for an example.
COUNT_SECONDS = 120.0
EXAMPLE_SECONDS = 10.0
ANALYSES = 2
"""Paths, gaps and networks that are worked out at once."""


@dataclass(slots=True)
class _Lease:
    reader: Reader
    generation: str
    users: int = 0


@dataclass(slots=True)
class Service:
    """The state of one service process. Follows the data folder: a new snapshot is opened when it appears."""

    settings: Settings
    workspace: Workspace
    networks: NetworkCache = field(default_factory=NetworkCache)
    charts: ChartCache = field(default_factory=ChartCache)
    budget: Budget = field(init=False)
    metrics: Metrics = field(init=False)
    surveyor: Surveyor[Survey] = field(default_factory=partial(Surveyor, timeout=COUNT_SECONDS))
    exemplifier: Surveyor[list[Example]] = field(default_factory=partial(Surveyor, timeout=EXAMPLE_SECONDS))
    seats: asyncio.Semaphore = field(default_factory=partial(asyncio.Semaphore, ANALYSES))
    coverage: Kept[Coverage] = field(default_factory=partial(Kept, coverage))
    openings: Kept[Openings] = field(default_factory=partial(Kept, openings))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _lease: _Lease | None = None
    _pool: QueryPool | None = None
    _pointer: object = None  # what `current` looked like when the pool was last brought up to date
    _previews: PreviewPool | None = None
    _edits: EditPool | None = None
    _runner: JobRunner | None = None
    _stopped: bool = False

    def __post_init__(self) -> None:
        self.budget = Budget(self.settings.query_budget, self.settings.query_burst)
        self.metrics = Metrics(self.snapshot, self.pools)

    def pools(self) -> dict[str, ProcessPool]:
        """The pools that there are now, by the kind of their work."""
        found = {"query": self._pool, "extraction": self._previews, "job": self._runner and self._runner.pool}
        return {kind: pool for kind, pool in found.items() if pool}

    def snapshot(self) -> Published | None:
        """The snapshot that was opened last; none before there is a graph."""
        lease = self._lease
        try:
            return Published(int(lease.generation), lease.reader.path.stat().st_mtime) if lease else None
        except OSError:  # its folder was dropped for a newer one
            return None

    def acquire(self) -> _Lease:
        """The newest snapshot, kept open until ``release``; raises StoreError where there is none."""
        with self._lock:
            if self._stopped:
                raise StoreError("the service is stopping")
            generation = self.workspace.generation()
            if self._lease is None or self._lease.generation != generation:
                self._lease = self._open(generation)
                self._lease.users += 1
                threading.Thread(target=self._prepare, args=(self._lease,), name="prepare", daemon=True).start()
            self._lease.users += 1
            return self._lease

    def _prepare(self, lease: _Lease) -> None:
        """Work out what a snapshot is asked for sooner or later, so that no request has to wait for it."""
        try:
            lease.reader.prepare()
            self.coverage.get(lease.reader)
            self.openings.get(lease.reader)
        except Exception as error:  # noqa: BLE001 - whoever asks for it is told what is wrong
            log.warning("snapshot %s could not be prepared: %s", lease.generation, error)
        finally:
            self.release(lease)

    def release(self, lease: _Lease) -> None:
        """Give a snapshot back; one that was superseded is closed with its last user."""
        with self._lock:
            lease.users -= 1
            if lease.users == 0 and lease is not self._lease:
                lease.reader.close()

    def pool(self) -> QueryPool:
        """The query workers over the newest snapshot; raises StoreError where there is none."""
        self.release(self.acquire())
        if self._pool is None:
            raise StoreError("the service is stopping")
        return self._pool

    async def pool_now(self) -> QueryPool:
        """``pool`` for an event loop, which must not wait; where no newer snapshot appeared it is there at once."""
        pointer = self.workspace.pointer()
        if self._pool is None or pointer != self._pointer:
            await run_in_threadpool(self.pool)
            self._pointer = pointer
        return self._pool or self.pool()

    def preview(self, papers: Sequence[Paper]) -> Preview:
        """What the extractor finds in texts; the first call starts its process. Needs no graph."""
        return self._preview_pool().read(papers)

    def known(self, slugs: Iterable[str]) -> dict[str, Entity]:
        """The entities among ``slugs`` that are in the newest snapshot; none where there is no graph."""
        try:
            lease = self.acquire()
        except StoreError:
            return {}
        try:
            return {entity.slug: entity for entity in lease.reader.index.entities_of(slugs)}
        finally:
            self.release(lease)

    def edits(self) -> EditPool:
        """What changes the graph; the first change starts its process. Ask ``authorize`` first."""
        with self._lock:
            if self._stopped:
                raise StoreError("the service is stopping")
            if self._edits is None:
                self._edits = EditPool(
                    self.settings.data,
                    self.settings.base,
                    timeout=self.settings.update_timeout,
                    memory=self.settings.query_memory_mb << 20,
                )
            return self._edits

    @property
    def stopped(self) -> bool:
        """Whether it is over: whoever streams an answer comes to its end."""
        return self._stopped

    @property
    def jobs(self) -> Jobs:
        """What was handed in; ask ``authorize`` first."""
        return Jobs(self.settings.data)

    def work_off_jobs(self) -> None:
        """See to it that the jobs of the table are done; where there is none, nothing is started."""
        if not self.jobs.unfinished():
            return
        with self._lock:
            if self._stopped:
                raise StoreError("the service is stopping")
            if self._runner is None:
                self._runner = JobRunner(
                    self.settings.data,
                    self.settings.base,
                    extractor=self.settings.extractor,
                    gazetteer=self.settings.gazetteer,
                    seconds=self.settings.extract_timeout,
                    memory=self.settings.ingest_memory_mb << 20,
                )
            self._runner.wake()

    def held(self, paper_ids: Iterable[str]) -> Collection[str]:
        """Those of these papers that are in the newest snapshot; none where there is no graph."""
        try:
            lease = self.acquire()
        except StoreError:
            return ()
        try:
            return {paper_id for paper_id, _, _ in lease.reader.index.paper_facts(paper_ids)}
        finally:
            self.release(lease)

    def _preview_pool(self) -> PreviewPool:
        with self._lock:
            if self._stopped:
                raise StoreError("the service is stopping")
            if self._previews is None:
                self._previews = PreviewPool(
                    self.settings.extractor,
                    self.settings.gazetteer,
                    timeout=self.settings.extract_timeout,
                    memory=self.settings.extract_memory_mb << 20,
                )
            return self._previews

    def close(self) -> None:
        """End the workers and release the snapshot, for good."""
        self.surveyor.close()
        self.exemplifier.close()
        with self._lock:
            self._stopped = True
            if self._pool:
                self._pool.close()
                self._pool = None
            if self._previews:
                self._previews.close()
                self._previews = None
            if self._edits:
                self._edits.close()
                self._edits = None
            if self._runner:
                self._runner.close()
                self._runner = None
            if self._lease and self._lease.users == 0:
                self._lease.reader.close()
            self._lease = None

    def _open(self, generation: str | None) -> _Lease:
        """Open graph, index and workers on a snapshot, or change nothing: the next request tries again."""
        reader = self.workspace.reader()
        try:
            if self._pool:
                self._pool.reopen(reader.graph_path)
            else:
                self._pool = QueryPool(
                    reader.graph_path,
                    workers=self.settings.query_workers,
                    timeout=self.settings.query_timeout,
                    memory=self.settings.query_memory_mb << 20,
                    max_rows=self.settings.query_rows,
                )
        except KgError:
            reader.close()
            raise
        if self._lease and self._lease.users == 0:
            self._lease.reader.close()
        return _Lease(reader, generation or "")


async def get_service(request: Request) -> Service:
    """The service that this request belongs to."""
    service: Service = request.app.state.service
    return service


ServiceDep = Annotated[Service, Depends(get_service)]


def get_reader(service: ServiceDep) -> Iterator[Reader]:
    """The newest snapshot, for the time of one request."""
    lease = service.acquire()
    try:
        yield lease.reader
    finally:
        service.release(lease)


def get_any_reader(service: ServiceDep) -> Iterator[Reader | None]:
    """The newest snapshot, or None where there is no graph yet."""
    if service.workspace.generation() is None:
        yield None
    else:
        yield from get_reader(service)


AnyReaderDep = Annotated[Reader | None, Depends(get_any_reader)]
ReaderDep = Annotated[Reader, Depends(get_reader)]
PaperId = Annotated[str, Path(description="Id of a paper, like arxiv-1706.03762.", max_length=200)]
Slug = Annotated[str, Path(description="Id of an entity, like stochastic-gradient-descent.", max_length=200)]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[str | None, Query(description="`next` of the page before.", max_length=2000)]
Types = Annotated[list[Label] | None, Query(alias="type", description="Only these types; repeat for several.")]
