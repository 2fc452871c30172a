"""The competency questions as the newest snapshot answers them, for pages and programs."""

from collections.abc import Sequence
from functools import cache, partial

from api.deps import Service
from kg.errors import KgError, NotFoundError
from kg.query.examples import Example, examples, questions, unfilled, values
from kg.workspace import Reader


def filled(service: Service, reader: Reader, *, wait: float | None = None) -> Sequence[Example]:
    """Every question with values of the graph; raises QueryBusyError while these are looked for.

    ``wait`` is how long that may take, if not as long as usual.
    """
    found = service.exemplifier.found(reader)
    if found is None:
        work = partial(examples, values(reader.catalogue, reader.index))
        found = service.exemplifier.get(reader, work, wait=wait)
    return found


def at_hand(service: Service, *, wait: float | None = 0) -> Sequence[Example] | None:
    """Every question with values of the newest snapshot, if these are known in time; None where there is none too."""
    try:
        lease = service.acquire()
    except KgError:
        return None
    try:
        if wait == 0 and service.exemplifier.at_work:
            return service.exemplifier.found(lease.reader)
        return filled(service, lease.reader, wait=wait)
    except KgError:
        return None
    finally:
        service.release(lease)


def called(service: Service, name: str) -> Example:
    """The question of this id, if need be after a wait for its values; raises NotFoundError."""
    known = at_hand(service, wait=None) or plain()
    found = next((each for each in known if each.id == name), None)
    if found is None:
        raise NotFoundError("question", name)
    return found


@cache
def starter() -> Example:
    """The first question that runs as it stands on any graph."""
    first = next(each.name for each in questions() if not each.binds)
    return next(each for each in plain() if each.id == first)


@cache
def plain() -> Sequence[Example]:
    """The questions asked of everything."""
    return unfilled()
