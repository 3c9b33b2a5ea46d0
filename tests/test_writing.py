"""Writing: a kill at any moment leaves the last commit usable; one writer; damaged files are rebuilt."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index import dense, writing
from index.damage import DamagedIndexError
from index.errors import StoreBusyError, StoreError
from index.fusion import CANDIDATES
from index.lexical import LexicalIndex
from index.passage_index import Entry
from index.records import Article
from index.retriever import Retriever
from index.store import Store
from tests.tiny import TinyEmbedder, article, entry

ROOT = Path(__file__).parent.parent
EMBEDDER = TinyEmbedder()
BEFORE = [article(n) for n in range(30)]
AFTER = [article(n, "修订。" if n < 3 else "") for n in range(33)]
QUERIES = ("3号奖励办法", "修订", "企业")

# A death at each of these: in which function, at which call, before or after its work.
FAULTS = {
    "while articles are put": ("index.writing.Writing.put", 2, "after"),
    "while passages go to tantivy": ("index.lexical.LexicalWriter.add", 2, "after"),
    "before tantivy's commit": ("index.lexical.LexicalWriter.commit", 1, "before"),
    "after tantivy's commit": ("index.lexical.LexicalWriter.commit", 1, "after"),
    "before the FAISS file": ("index.dense.write_base", 1, "before"),
    "in the FAISS file": ("faiss.write_index", 1, "after"),
    "after the FAISS file": ("index.dense.write_base", 1, "after"),
    "before the generation's row": ("index.database.insert_generation", 1, "before"),
    "before SQLite's commit": ("index.database.insert_generation", 1, "after"),
    "before tidying": ("index.writing.Writing._tidy", 1, "before"),
    "before tantivy's deletions": ("index.lexical.LexicalWriter.delete", 2, "before"),
    "before tantivy's second commit": ("index.lexical.LexicalWriter.commit", 2, "before"),
    "after tantivy's second commit": ("index.lexical.LexicalWriter.commit", 2, "after"),
    "after tidying": ("index.writing.Writing._tidy", 1, "after"),
}
CHILD = """
import os, pkgutil, signal, sys
from pathlib import Path
from typing import Any
target, call, when, append, path = sys.argv[1:]
from index import writing
from index.store import Store
from tests.test_writing import AFTER, EMBEDDER
from tests.tiny import entry
writing.MERGE_SHARE = 0.0
if append == "True":
    writing.SMALL = 0
    writing.STALE_SHARE = 9.0
owner_name, _, name = target.rpartition(".")
owner = pkgutil.resolve_name(owner_name)
work, calls = getattr(owner, name), 0
def dying(*arguments, **options):
    global calls
    calls += 1
    if calls < int(call):
        return work(*arguments, **options)
    if when == "after":
        work(*arguments, **options)
        if name == "write_index":
            os.truncate(arguments[1], 1000)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, name, dying)
changed = [one for n, one in enumerate(AFTER) if n < 3 or n >= 30]
Store.open(Path(path)).add([entry(one, EMBEDDER) for one in changed], EMBEDDER.name)
"""


def build(path: Path, articles: list[Article]) -> Store:
    store = Store.open(path, create=True)
    store.add([entry(one, EMBEDDER) for one in articles], EMBEDDER.name)
    return store


def answers(store: Store) -> list[list[str]]:
    """Return what is found for each query. Scores may move a little by what is deleted but not merged."""
    retriever = Retriever(store, EMBEDDER)
    return [sorted(hit.passage.id for hit in retriever.search(query, CANDIDATES)) for query in QUERIES]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[list[str]]]]:
    folder = tmp_path_factory.mktemp("expected")
    with build(folder / "before", BEFORE) as before, build(folder / "after", AFTER) as after:
        yield {"before": answers(before), "after": answers(after)}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with build(tmp_path / "store", BEFORE) as built:
        yield built


@pytest.mark.parametrize(
    ("fault", "append"),
    [(fault, True) for fault in FAULTS]
    + [(fault, False) for fault in ("before tantivy's commit", "in the FAISS file", "before tidying")],
)
def test_a_kill_leaves_the_last_commit(
    store: Store, expected: dict[str, list[list[str]]], fault: str, append: bool
) -> None:
    target, call, when = FAULTS[fault]
    arguments = [target, str(call), when, str(append), str(store.path)]
    child = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments], check=False, capture_output=True, cwd=ROOT
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    with Store.open(store.path) as survivor:
        committed = "after" if survivor.info().generation == 2 else "before"
        assert (committed == "after") == (
            "tidying" in fault or "tantivy's second" in fault or "deletions" in fault
        )
        assert answers(survivor) == expected[committed]
        assert survivor.verify() == []
        survivor.add([entry(one, EMBEDDER) for one in AFTER], EMBEDDER.name)
        assert answers(survivor) == expected["after"]
        assert survivor.verify() == []
        files = [file.name for folder in ("lexical", "dense") for file in (survivor.path / folder).iterdir()]
        assert len(files) == 2
    assert answers(store) == expected["after"]


def test_keys_are_not_used_again_after_a_death(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the dead write left in tantivy must not be taken for what a later one stores."""
    monkeypatch.setattr(writing, "SMALL", 0)
    monkeypatch.setattr(writing, "STALE_SHARE", 9.0)
    target, call, when = FAULTS["after tantivy's commit"]
    arguments = [target, str(call), when, "True", str(store.path)]
    subprocess.run([sys.executable, "-c", CHILD, *arguments], check=False, capture_output=True, cwd=ROOT)
    store.add([entry(Article("new", "苹果种植技术"), EMBEDDER)], EMBEDDER.name)
    hits = Retriever(store, EMBEDDER).search("修订", CANDIDATES)
    assert all(hit.stages["lexical"] == 0 or "修" in hit.passage.text + hit.passage.heading for hit in hits)
    assert store.verify() == []


def test_a_second_writer_is_told(store: Store) -> None:
    with writing.writing(store.path):
        for write in (
            lambda: store.remove(["article-0001"]),
            lambda: store.add([entry(article(50), EMBEDDER)], EMBEDDER.name),
            store.rebuild,
        ):
            with pytest.raises(StoreBusyError, match="正在被另一个进程写入"):
                write()
        assert answers(store)  # reading goes on
    assert store.remove(["article-0001"]) == ["article-0001"]


def test_a_killed_writer_lets_go(store: Store) -> None:
    hold = (
        "import sys, time; from pathlib import Path; from index.writing import writing\n"
        "with writing(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(store.path)], stdout=subprocess.PIPE, cwd=ROOT
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(StoreBusyError):
            store.rebuild()
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    store.rebuild()


def test_an_exception_from_the_entries_changes_nothing(
    store: Store, expected: dict[str, list[list[str]]]
) -> None:
    def failing() -> Iterator[Entry]:
        yield entry(AFTER[0], EMBEDDER)
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        store.add(failing(), EMBEDDER.name)
    assert answers(store) == expected["before"]
    assert store.info().generation == 1


def lose_lexical(path: Path) -> None:
    shutil.rmtree(path / "lexical")


def lose_dense(path: Path) -> None:
    shutil.rmtree(path / "dense")


def cut_dense(path: Path) -> None:
    file = next((path / "dense").iterdir())
    os.truncate(file, file.stat().st_size // 2)


def overwrite_dense(path: Path) -> None:
    file = next((path / "dense").iterdir())
    file.write_bytes(b"x" * file.stat().st_size)


def cut_lexical(path: Path) -> None:
    file = next((path / "lexical").rglob("*.idx"))
    os.truncate(file, file.stat().st_size // 2)


def break_meta(path: Path) -> None:
    next((path / "lexical").rglob("meta.json")).write_text("{")


DAMAGE: list[Callable[[Path], None]] = [
    lose_lexical,
    lose_dense,
    cut_dense,
    overwrite_dense,
    cut_lexical,
    break_meta,
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_files_are_rebuilt_on_reading(
    store: Store,
    expected: dict[str, list[list[str]]],
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[Path], None],
) -> None:
    store.close()
    damage(store.path)
    with Store.open(store.path) as reopened:
        assert reopened.verify() != []
        assert answers(reopened) == expected["before"]
        assert "重建" in caplog.text
        assert reopened.verify() == []


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_files_are_rebuilt_on_writing(
    store: Store, expected: dict[str, list[list[str]]], damage: Callable[[Path], None]
) -> None:
    store.close()
    damage(store.path)
    with Store.open(store.path) as reopened:
        reopened.add([entry(one, EMBEDDER) for one in AFTER], EMBEDDER.name)
        assert answers(reopened) == expected["after"]
        assert reopened.verify() == []


def test_damage_that_only_a_search_meets(
    store: Store, expected: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = store.path / "lexical"
    search = LexicalIndex.search

    def failing(index: LexicalIndex, *arguments: Any) -> dict[int, float]:
        if store.info().generation == 1:
            raise DamagedIndexError(str(broken))
        return search(index, *arguments)

    monkeypatch.setattr(LexicalIndex, "search", failing)
    assert answers(store) == expected["before"]
    assert store.info().generation == 2


def test_an_older_tantivy_folder_is_noticed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder put back from a backup opens well but lacks what was added since."""
    monkeypatch.setattr(writing, "SMALL", 0)
    monkeypatch.setattr(writing, "STALE_SHARE", 9.0)
    shutil.copytree(store.path / "lexical", tmp_path / "backup")
    store.remove(["article-0005"])
    store.add([entry(article(5, "修订。"), EMBEDDER)], EMBEDDER.name)
    store.close()
    shutil.rmtree(store.path / "lexical")
    shutil.copytree(tmp_path / "backup", store.path / "lexical")
    with Store.open(store.path) as reopened:
        hits = Retriever(reopened, EMBEDDER).search("修订", 1)
        assert hits[0].passage.article_id == "article-0005"
        assert hits[0].stages["lexical"] > 0


def test_a_failed_rebuild_harms_nothing(
    store: Store, expected: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(dense, "write_base", fail)
        with pytest.raises(StoreError, match="no space left"):
            store.rebuild()
    assert answers(store) == expected["before"]
    with Store.open(store.path) as reopened:
        assert answers(reopened) == expected["before"]
        assert reopened.verify() == []


def test_new_vectors_stay_beside_the_file_until_it_is_worth_merging(store: Store) -> None:
    file = next((store.path / "dense").iterdir())
    store.add([entry(article(40), EMBEDDER)], EMBEDDER.name)
    assert next((store.path / "dense").iterdir()) == file
    store.add([entry(article(n), EMBEDDER) for n in range(41, 60)], EMBEDDER.name)
    merged = next((store.path / "dense").iterdir())
    assert merged != file
    store.remove([one.id for one in BEFORE])
    assert next((store.path / "dense").iterdir()) != merged
    assert store.verify() == []


def test_deletions_from_a_large_folder_do_not_build_it_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "SMALL", 0)
    folder = next((store.path / "lexical").iterdir())
    store.remove(["article-0001"])
    assert next((store.path / "lexical").iterdir()) == folder
    store.remove([f"article-{n:04}" for n in range(2, 12)])
    assert next((store.path / "lexical").iterdir()) != folder
    assert store.verify() == []
