"""The matrices as files, one ``.npy`` an array, which readers map into memory."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kg.errors import StoreError
from kg.index import wording
from kg.index.cells import WIDTH
from kg.index.incidence import Incidence
from kg.index.names import Names

_NAMES = ("papers", "entities", "venue_names")
_ARRAYS = {
    "years": np.int16,
    "venues": np.int32,
    "labels": np.uint8,
    "generic": np.bool_,
    "roles": np.uint8,
    "places": np.int32,
    "roles_by_entity": np.uint8,
}
_MATRICES = ("by_paper", "by_entity", "broader")
_PARTS = {"data": np.float32, "indices": np.int32, "indptr": np.int32}
_TERMS = {**wording.FIELDS, "begins": np.int64}


def save(incidence: Incidence, folder: Path) -> None:
    """Write the files into a new folder; equal matrices give equal bytes. Raises StoreError."""
    _save(_arrays(incidence), folder)


def save_wording(terms: wording.Wording, folder: Path) -> None:
    """The same of the matrix of terms."""
    _save(((name, getattr(terms, name)) for name in _TERMS), folder)


def _save(arrays: Iterable[tuple[str, NDArray[Any]]], folder: Path) -> None:
    try:
        folder.mkdir()
        for name, array in arrays:
            np.save(folder / f"{name}.npy", array, allow_pickle=False)
    except OSError as error:
        raise StoreError(f"the matrix could not be written to {folder}: {error}") from error


def load(folder: Path) -> Incidence:
    """Map the files of a folder into memory; raises StoreError where they are missing or do not fit together.

    The maps are released with the last array that is a view of them.
    """
    try:
        names: dict[str, Any] = {name: _names(folder, name) for name in _NAMES}
        arrays: dict[str, Any] = {name: _array(folder, name, kind) for name, kind in _ARRAYS.items()}
        papers, entities = len(names["papers"]), len(names["entities"])
        shapes = {"by_paper": (papers, entities), "by_entity": (entities, papers), "broader": (entities, entities)}
        matrices: dict[str, Any] = {name: _matrix(folder, name, shape) for name, shape in shapes.items()}
        _require_lengths(arrays, papers, entities, matrices["by_paper"].nnz)
        _require(matrices["by_entity"].nnz == matrices["by_paper"].nnz, "by_entity has not the cells of by_paper")
        return Incidence(**names, **arrays, **matrices)
    except (OSError, ValueError, EOFError, IndexError) as error:
        raise StoreError(f"the matrix in {folder} cannot be opened; run: kg index --rebuild ({error})") from error


def load_wording(folder: Path, papers: int) -> wording.Wording:
    """The same of the matrix of terms, which must have a row for each of so many papers."""
    try:
        arrays: dict[str, Any] = {name: _array(folder, name, kind) for name, kind in _TERMS.items()}
        cells, begins = len(arrays["columns"]), arrays["begins"]
        _require(len(begins) == papers + 1, f"it has {len(begins) - 1:,} rows and not {papers:,}")
        told = all(len(arrays[name]) == cells for name in wording.FIELDS)
        _require(told and cells == int(begins[-1]), "it has not as many cells as it says")
        return wording.Wording(**arrays)
    except (OSError, ValueError, EOFError, IndexError) as error:
        raise StoreError(f"the matrix in {folder} cannot be opened; run: kg index --rebuild ({error})") from error


def _array(folder: Path, name: str, kind: object) -> NDArray[Any]:
    file = folder / f"{name}.npy"
    try:
        found = np.load(file, mmap_mode="r", allow_pickle=False)
    except ValueError:  # nothing cannot be mapped
        found = np.load(file, allow_pickle=False)
    _require(found.dtype == kind, f"{file.name} holds {found.dtype}")
    return np.asarray(found)


def _names(folder: Path, name: str) -> Names:
    text, ends = _array(folder, f"{name}.text", np.uint8), _array(folder, f"{name}.ends", np.int64)
    _require(len(text) == (int(ends[-1]) if len(ends) else 0), f"{name}.text is not as long as {name}.ends says")
    return Names(text, ends)


def _matrix(folder: Path, name: str, shape: tuple[int, int]) -> csr_matrix:
    data, indices, begins = (_array(folder, f"{name}.{part}", kind) for part, kind in _PARTS.items())
    _require(len(begins) == shape[0] + 1, f"{name} has {len(begins) - 1:,} rows and not {shape[0]:,}")
    _require(len(data) == len(indices) == int(begins[-1]), f"{name} has not as many cells as it says")
    return csr_matrix((data, indices, begins), shape=shape, copy=False)


def _require_lengths(arrays: Mapping[str, NDArray[Any]], papers: int, entities: int, cells: int) -> None:
    lengths = {"years": papers, "venues": papers, "labels": entities, "generic": entities}
    for name, array in arrays.items():
        wanted = lengths.get(name, cells)
        _require(len(array) == wanted, f"{name} has {len(array):,} entries and not {wanted:,}")
    _require(arrays["places"].shape[1:] == (WIDTH,), "places have another width")


def _require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise ValueError(otherwise)


def _arrays(incidence: Incidence) -> Iterator[tuple[str, NDArray[Any]]]:
    for name in _NAMES:
        text, ends = getattr(incidence, name).arrays
        yield f"{name}.text", text
        yield f"{name}.ends", ends
    for name in _ARRAYS:
        yield name, getattr(incidence, name)
    for name in _MATRICES:
        matrix = getattr(incidence, name)
        for part in _PARTS:
            yield f"{name}.{part}", getattr(matrix, part)
