"""The service's side of jobs: sees to it that they are done, one after the other, and outlives what they end.

Loads no model and opens no store; the process that does (``kg.jobs.worker``) starts with the first job and stays warm.
"""

import logging
import threading
from pathlib import Path

from kg.errors import ExtractionError, KgError, WorkResourceError
from kg.jobs.job import Stage
from kg.jobs.table import Jobs
from kg.process.frames import Verdict
from kg.process.pool import ProcessPool
from kg.process.worker import Work
from kg.settings import SHIPPED

log = logging.getLogger(__name__)

AGAIN_SECONDS = 15.0
"""After so long it is tried again where no process could be started, or the graph could not be opened."""
_NO_LIMIT = 10 * 365 * 86400.0

_WORK = Work(
    module="kg.jobs.worker",
    noun="job",
    unusable=ExtractionError,
    start_timeout=300.0,  # extractors of other people may load gigabytes
)


class JobRunner:
    """Works off the jobs of a data folder. ``extractor`` and ``gazetteer`` are as ``choose_extractor`` takes them.

    ``seconds`` is how long one paper may be read, ``memory`` what a job may add to the loaded extractor, in bytes.
    """

    def __init__(
        self,
        folder: Path,
        base: str,
        *,
        extractor: str = SHIPPED,
        gazetteer: str = SHIPPED,
        seconds: float = 30.0,
        memory: int = 4 << 30,
    ) -> None:
        """Start where jobs were left."""
        self._jobs = Jobs(folder)
        arguments = [str(folder.absolute()), base, extractor, gazetteer, str(seconds), str(memory), str(Path.cwd())]
        self.pool = ProcessPool(_WORK, arguments, timeout=_NO_LIMIT, lazy=True)
        self._wake, self._stopped = threading.Event(), threading.Event()
        self._warm = False
        self._thread = threading.Thread(target=self._run, name="kg-jobs", daemon=True)
        self._wake.set()
        self._thread.start()

    def wake(self) -> None:
        """There is a new job."""
        self._wake.set()

    def close(self) -> None:
        """End the process at once: what it was doing is gone on with by the next runner."""
        self._stopped.set()
        self._wake.set()
        self.pool.close()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._wake.wait()
            self._wake.clear()
            try:
                while not self._stopped.is_set() and self._jobs.unfinished():
                    self._next()
            except KgError:
                log.exception("the table of jobs cannot be read")
                self._pause()

    def _next(self) -> None:
        """Have one job done, or find out why it was not."""
        try:
            self._jobs.wait_for(Stage.LINE if self._warm else Stage.LOADING)
            verdict, payload = self.pool.ask(b"")
            self._warm = True
            if verdict is Verdict.REFUSED:
                log.error("jobs wait: %s", payload.decode())
                self._pause()
        except WorkResourceError as error:
            self._warm = False
            if not self._stopped.is_set():
                log.warning("a job ended its process: %s", error)
                self._jobs.crashed(str(error))
        except KgError as error:
            if not self._stopped.is_set():
                log.error("jobs wait: %s", error)  # noqa: TRY400 - expected, and its text says all
                self._pause()

    def _pause(self) -> None:
        if not self._stopped.wait(AGAIN_SECONDS):
            self._wake.set()
