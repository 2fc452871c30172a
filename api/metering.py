"""Work that costs a client of its budget: refused when that is used up, else measured."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from fastapi import Depends, Request

from api.clients import client_of, is_local
from api.deps import Service, ServiceDep
from api.metrics import Outcome, WorkKind
from api.record import record_of
from kg.errors import (
    BadQueryError,
    KgError,
    WorkBusyError,
    WorkResourceError,
    WorkTimeoutError,
)

_OUTCOMES: tuple[tuple[type[BaseException], Outcome], ...] = (
    (WorkTimeoutError, "timeout"),
    (WorkResourceError, "memory"),
    (WorkBusyError, "busy"),
    (BadQueryError, "refused"),
    (KgError, "failed"),
    (Exception, "fault"),
    (BaseException, "gone"),
)


@dataclass(slots=True)
class Meter:
    """What the work has cost, in seconds of a worker, and whether its answer was cut."""

    seconds: float | None = None
    truncated: bool = False


@contextmanager
def metered(request: Request, service: Service, kind: WorkKind) -> Iterator[Meter]:
    """Charge what happens inside to the client, by ``Meter.seconds`` or, where that stays unset, by the clock.

    Raises BudgetError before anything is done. Requests of this machine itself cost nothing, so that no one is
    locked out of a service of their own; a request that never found a free worker costs nothing either.
    """
    client, local = client_of(request.scope), is_local(request.scope)
    if not local:
        service.budget.admit(client.key)
    meter, begin = Meter(), perf_counter()
    outcome: Outcome = "answered"
    with service.metrics.at_work(kind):
        try:
            yield meter
        except BaseException as error:
            outcome = next(name for cls, name in _OUTCOMES if isinstance(error, cls))
            if outcome == "busy":
                meter.seconds = 0.0
            raise
        finally:
            seconds = perf_counter() - begin if meter.seconds is None else meter.seconds
            if not local:
                service.budget.charge(client.key, seconds)
            record = record_of(request)
            record.work_seconds += seconds
            record.truncated |= meter.truncated
            service.metrics.worked(kind, outcome, seconds, truncated=meter.truncated)


async def _charged(request: Request, service: ServiceDep) -> AsyncIterator[None]:
    with metered(request, service, "analysis") as meter:
        try:
            async with asyncio.timeout(service.settings.query_timeout):
                await service.seats.acquire()
        except TimeoutError:
            raise WorkBusyError("too much is being worked out already; try again later") from None
        begin = perf_counter()
        try:
            yield
        finally:
            service.seats.release()
            meter.seconds = perf_counter() - begin


Charged = Depends(_charged, scope="function")
"""For routes that work something out in a thread of the service: few at once, and at the cost of the client.

Raises WorkBusyError where all seats stay taken for as long as a query may take.
"""
