"""The dense leg: passage vectors in an immutable FAISS file, and the few that are newer beside it.

Vectors are kept as float16 everywhere, so a score is the same number whichever of the two holds the vector.
They are memory-mapped: opening the file reads none of them. A search compares the query with each; a big file
holds four-bit codes too (product quantisation, André et al. 2015), which say in a tenth of the time which
vectors to compare it with. A search that filters does without them.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.damage import detecting

MANY = 50_000
"""Vectors from which a file holds codes; fewer are compared in two milliseconds."""
_TRAINED_ON = 20_000
_COMPARED = 10
"""How many vectors are compared for each that is wanted, those with the best codes."""

Keys = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float16]
FloatArray = npt.NDArray[np.float32]


class DenseIndex:
    """The vectors of one generation. Keys are the store's passage keys; scores are cosines."""

    def __init__(self, path: Path | None, keys: Keys, vectors: Vectors) -> None:
        """Open the base file (None: there is none) and take the newer vectors with their ascending keys.

        DamagedIndexError if the file is missing or damaged.
        """
        self._base: Any = None
        self._base_keys: Keys = np.empty(0, np.int64)
        self._coded: Any = None
        if path is not None:
            self._file, self._base, self._coded, self._base_keys = _read(path)
        self._new_keys = keys
        self._new_vectors = vectors.astype(np.float32)
        self.base_count = len(self._base_keys)
        self.count = self.base_count + len(keys)

    @property
    def dimension(self) -> int:
        """The length of the base's vectors, 0 without a base."""
        return 0 if self._base is None else int(self._base.d)

    def search(self, vector: FloatArray, limit: int, only: Keys | None = None) -> dict[int, float]:
        """The `limit` nearest passages, among the ascending keys `only` if given: key to cosine."""
        found: dict[int, float] = {}
        if self._base is not None and limit > 0:
            found.update(self._search_base(vector, limit, only))
        allowed = np.ones(len(self._new_keys), bool) if only is None else _member(self._new_keys, only)
        scores = self._new_vectors[allowed] @ vector
        best = np.argsort(-scores, kind="stable")[:limit]
        new_keys = self._new_keys[allowed]
        found.update((int(new_keys[i]), float(scores[i])) for i in best)
        return dict(sorted(found.items(), key=lambda pair: -pair[1])[:limit])

    def _search_base(self, vector: FloatArray, limit: int, only: Keys | None) -> Iterable[tuple[int, float]]:
        faiss = _faiss()
        parameters = None
        if only is not None:
            bits = np.packbits(_member(self._base_keys, only), bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))
        # A single query gains nothing from more threads; waiting for one costs 40 ms on a busy machine.
        faiss.omp_set_num_threads(1)
        index = self._base if only is not None or self._coded is None else self._coded
        scores, places = index.search(vector[None, :], min(limit, self.base_count), params=parameters)
        return (
            (int(self._base_keys[place]), float(score))
            for place, score in zip(places[0], scores[0], strict=True)
            if place >= 0
        )

    def cosines(self, vector: FloatArray, keys: Sequence[int]) -> dict[int, float]:
        """The cosines of these passages."""
        wanted = np.array(keys, dtype=np.int64)
        return dict(zip(keys, (self.vectors(wanted) @ vector).tolist(), strict=True))

    def vectors(self, keys: Keys) -> FloatArray:
        """The vectors of these passages, shape (len(keys), dimension); KeyError for one that is not held."""
        width = self.dimension or self._new_vectors.shape[1]
        rows = np.empty((len(keys), width), np.float32)
        if self._base is not None and self.base_count:
            old = _member(keys, self._base_keys)
            places = np.searchsorted(self._base_keys, keys[old])
            rows[old] = self._base.reconstruct_batch(places.astype(np.int64)) if len(places) else 0
        else:
            old = np.zeros(len(keys), bool)
        new = keys[~old]
        if not _member(new, self._new_keys).all():
            raise KeyError(f"no vector for passage keys {new[~_member(new, self._new_keys)].tolist()}")
        rows[~old] = self._new_vectors[np.searchsorted(self._new_keys, new)]
        return rows

    def keys(self) -> Keys:
        """All keys that have a vector, ascending."""
        return np.concatenate([self._base_keys, self._new_keys])


def write_base(path: Path, dimension: int, batches: Iterable[tuple[Keys, Vectors]]) -> int:
    """Write a base file of vectors whose keys ascend; its size in bytes. It appears whole or not at all."""
    faiss = _faiss()
    # float16 codes: what the vectors are, so nothing is lost
    kind, metric = faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    vectors = faiss.IndexScalarQuantizer(dimension, kind, metric)
    vectors.is_trained = True
    index = faiss.IndexIDMap(vectors)
    keys = []
    for some, rows in batches:
        vectors.add(rows.astype(np.float32))
        keys.append(some)
    # The index does not own what is put into it: it is kept here until the file is written.
    inner = _with_codes(vectors) if vectors.ntotal >= MANY and dimension % 2 == 0 else vectors
    index.index, index.ntotal = inner, inner.ntotal
    faiss.copy_array_to_vector(np.concatenate([np.empty(0, np.int64), *keys]), index.id_map)
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".draft")
    faiss.write_index(index, str(draft))
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    draft.replace(path)
    return path.stat().st_size


def _with_codes(vectors: Any) -> Any:
    """Finds by codes, four bits for two dimensions, and compares what is found with `vectors`."""
    faiss = _faiss()
    codes = faiss.IndexPQFastScan(vectors.d, vectors.d // 2, 4, faiss.METRIC_INNER_PRODUCT)
    codes.train(vectors.reconstruct_batch(np.linspace(0, vectors.ntotal - 1, _TRAINED_ON).astype(np.int64)))
    for first in range(0, vectors.ntotal, _TRAINED_ON):
        codes.add(vectors.reconstruct_n(first, min(_TRAINED_ON, vectors.ntotal - first)))
    return faiss.IndexRefine(codes, vectors)


def _read(path: Path) -> tuple[Any, Any, Any, Keys]:
    """The mapped file, which must outlive what is in it: the vectors by place, the index that finds them by
    codes or None, and the key of each place."""
    faiss = _faiss()
    with detecting():
        file = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC | faiss.IO_FLAG_READ_ONLY)
        inner, keys = faiss.downcast_index(file.index), faiss.vector_to_array(file.id_map)
        if not isinstance(inner, faiss.IndexRefine):
            return file, inner, None, keys
        inner.k_factor = _COMPARED
        return file, faiss.downcast_index(inner.refine_index), inner, keys


def _member(keys: Keys, sorted_keys: Keys) -> npt.NDArray[np.bool_]:
    """Which keys are in the ascending array."""
    if not len(sorted_keys):
        return np.zeros(len(keys), bool)
    places = np.searchsorted(sorted_keys, keys)
    places[places == len(sorted_keys)] = 0
    found: npt.NDArray[np.bool_] = sorted_keys[places] == keys
    return found


def _faiss() -> Any:
    import faiss  # its type stubs know nothing of what its Python layer adds

    return faiss
