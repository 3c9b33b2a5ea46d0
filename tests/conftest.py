"""What all tests share: no connection leaves this machine; where the shared articles are; a small store."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa import Article, PolicyQA

ROOT = Path(__file__).parent.parent
_LOCAL = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail any test that connects to another host."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in _LOCAL:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared articles ($WENCE_SHARED, by default ../shared); skip where it is absent."""
    folder = Path(os.environ.get("WENCE_SHARED", ROOT.parent / "shared"))
    if not (folder / "seeds").is_dir():
        pytest.skip(f"the shared articles are not in {folder}; set WENCE_SHARED")
    return folder


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of the sample articles, built once; tests must not change it."""
    store = tmp_path_factory.mktemp("sample") / "store"
    PolicyQA.build([ROOT / "eval" / "data" / "articles"], store).close()
    return store


@pytest.fixture
def sample(sample_store: Path) -> Iterator[PolicyQA]:
    """Yield the sample articles, opened."""
    with PolicyQA.open(sample_store) as qa:
        yield qa


@pytest.fixture
def small(tmp_path: Path) -> Iterator[PolicyQA]:
    """Yield a store of three short articles on one subject: two years of one city, and another city."""
    articles = [
        Article(
            id="haibin-2024",
            title="海滨市2024年智能工厂建设情况",
            text="海滨市2024年智能工厂建设情况\n截至2024年底，全市累计建成智能工厂120家，新增30家。对获评国家级的企业，每家奖励200万元。",
            region="天津市",
        ),
    ]
    with PolicyQA.build(articles, tmp_path / "store") as qa:
        yield qa
