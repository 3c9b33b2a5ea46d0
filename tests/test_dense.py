"""The dense leg against numpy's brute force."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from index import dense
from index.damage import DamagedIndexError
from index.dense import DenseIndex, write_base

Vectors = npt.NDArray[np.float16]
DIMENSION = 24


def unit_rows(count: int, seed: int = 0) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
    return unit


def brute_force(
    vectors: Vectors, keys: npt.NDArray[np.int64], query: npt.NDArray[np.float32], limit: int
) -> dict[int, float]:
    scores = vectors.astype(np.float64) @ query.astype(np.float64)
    best = np.argsort(-scores)[:limit]
    return {int(keys[i]): float(scores[i]) for i in best}


@pytest.mark.parametrize("split", [0, 1, 150, 299, 300])
def test_search_equals_brute_force(tmp_path: Path, split: int) -> None:
    """Whether the vectors are in the file, beside it, or some here and some there."""
    vectors, keys = unit_rows(300), np.arange(300, dtype=np.int64) * 3 + 5
    path = None
    if split:
        path = tmp_path / "base.faiss"
        size = write_base(path, DIMENSION, [(keys[:split], vectors[:split])])
        assert size == path.stat().st_size
    index = DenseIndex(path, keys[split:], vectors[split:])
    assert index.count == 300
    assert index.keys().tolist() == keys.tolist()
    for query in unit_rows(20, seed=1).astype(np.float32):
        found = index.search(query, 10)
        expected = brute_force(vectors, keys, query, 10)
        assert list(found) == list(expected)
        assert found == pytest.approx(expected, abs=1e-5)
        some = [int(key) for key in keys[::37]]
        everything = brute_force(vectors, keys, query, 300)
        assert index.cosines(query, some) == pytest.approx({key: everything[key] for key in some}, abs=1e-5)


@pytest.mark.parametrize("split", [0, 150, 300])
def test_search_among_some_keys(tmp_path: Path, split: int) -> None:
    vectors, keys = unit_rows(300), np.arange(300, dtype=np.int64)
    path = tmp_path / "base.faiss" if split else None
    if path:
        write_base(path, DIMENSION, [(keys[:split], vectors[:split])])
    index = DenseIndex(path, keys[split:], vectors[split:])
    allowed = np.array([3, 40, 41, 149, 150, 299, 5000], dtype=np.int64)
    query = vectors[100].astype(np.float32)
    found = index.search(query, 5, allowed)
    assert list(found) == list(brute_force(vectors[allowed[:-1]], allowed[:-1], query, 5))
    assert len(index.search(query, 10, allowed)) == 6
    assert index.search(query, 10, np.empty(0, np.int64)) == {}


def test_a_big_file_is_searched_by_codes_and_scores_stay_exact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 3000
    vectors, keys = unit_rows(count), np.arange(count, dtype=np.int64) * 2
    batches = [(keys[:1000], vectors[:1000]), (keys[1000:], vectors[1000:])]
    plain = write_base(tmp_path / "plain.faiss", DIMENSION, batches)
    monkeypatch.setattr(dense, "MANY", count)
    monkeypatch.setattr(dense, "_TRAINED_ON", 700)
    assert write_base(tmp_path / "base.faiss", DIMENSION, batches) > plain
    index = DenseIndex(tmp_path / "base.faiss", keys[:0], vectors[:0])
    assert index.dimension == DIMENSION
    assert index.keys().tolist() == keys.tolist()
    assert np.array_equal(index.vectors(keys[::7]), vectors[::7].astype(np.float32))
    shared = 0
    for query in unit_rows(20, seed=1).astype(np.float32):
        expected = brute_force(vectors, keys, query, count)
        found = index.search(query, 20)
        assert found == pytest.approx({key: expected[key] for key in found}, abs=1e-5)
        assert list(found) == sorted(found, key=lambda key: -found[key])
        shared += len(found.keys() & set(list(expected)[:20]))
        some = [key for key in expected if key % 3 == 0]
        assert list(index.search(query, 5, np.sort(np.array(some)))) == some[:5]
    assert shared >= 0.95 * 20 * 20


def test_fewer_vectors_than_asked_for(tmp_path: Path) -> None:
    vectors, keys = unit_rows(3), np.arange(3, dtype=np.int64)
    write_base(tmp_path / "base.faiss", DIMENSION, [(keys, vectors)])
    index = DenseIndex(tmp_path / "base.faiss", keys[:0], vectors[:0])
    assert len(index.search(vectors[0].astype(np.float32), 10)) == 3


def test_vectors_come_back_as_they_were_written(tmp_path: Path) -> None:
    vectors, keys = unit_rows(10), np.arange(10, dtype=np.int64)
    write_base(tmp_path / "base.faiss", DIMENSION, [(keys[:4], vectors[:4]), (keys[4:7], vectors[4:7])])
    index = DenseIndex(tmp_path / "base.faiss", keys[7:], vectors[7:])
    order = np.array([9, 0, 5, 7], dtype=np.int64)
    assert np.array_equal(index.vectors(order), vectors[order].astype(np.float32))
    with pytest.raises(KeyError, match="11"):
        index.vectors(np.array([11], dtype=np.int64))


@pytest.mark.parametrize("content", [b"", b"IxMp", b"something else altogether" * 100])
def test_a_damaged_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "base.faiss").write_bytes(content)
    with pytest.raises(DamagedIndexError):
        DenseIndex(tmp_path / "base.faiss", np.empty(0, np.int64), unit_rows(0))
