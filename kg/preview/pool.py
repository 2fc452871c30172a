"""Papers -> what would be found in them, read in a process of its own that is killed at its deadline.

This side loads no model; the process (``kg.preview.worker``) starts with the first request and stays warm.
"""

from collections.abc import Sequence
from pathlib import Path

from kg.errors import ExtractionError, WorkResourceError
from kg.model import Paper
from kg.preview.readings import Preview, pack_papers, unpack_preview
from kg.process.frames import Verdict
from kg.process.pool import ProcessPool
from kg.process.worker import Work
from kg.settings import SHIPPED

_WORK = Work(
    module="kg.preview.worker",
    noun="extraction",
    unusable=ExtractionError,
    start_timeout=300.0,  # extractors of other people may load gigabytes
)


class PreviewPool(ProcessPool):
    """``extractor`` and ``gazetteer`` are as ``choose_extractor`` takes them.

    ``memory`` is what reading may add, in bytes.
    """

    def __init__(
        self,
        extractor: str,
        gazetteer: str = SHIPPED,
        *,
        timeout: float = 30.0,
        memory: int = 1 << 30,
        workers: int = 1,
        queue: int = 8,
    ) -> None:
        arguments = [extractor, gazetteer, str(memory), str(Path.cwd())]
        super().__init__(_WORK, arguments, workers=workers, timeout=timeout, queue=queue, lazy=True)

    def read(self, papers: Sequence[Paper]) -> Preview:
        """Only their titles and abstracts are looked at.

        Raises ExtractionError where the extractor cannot be loaded, else one of the three work errors.
        """
        verdict, payload = self.ask(pack_papers(papers))
        if verdict is Verdict.NO_MEMORY:
            raise WorkResourceError(payload.decode())
        return unpack_preview(payload, papers)
