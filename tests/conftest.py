"""What all tests share: no connection leaves this machine; where the shared articles are; a small store."""

import os
import shutil
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.chunking import chunk
from index.folding import fold
from index.reading import clean_span, search_span
from qa import Article, PolicyQA
from qa.evidence import Evidence
from qa.features import FEATURES
from qa.scope import years_of

ROOT = Path(__file__).parent.parent
_LOCAL = ("127.0.0.1", "::1", "localhost")

TIANJIN_2024 = Article(
    id="tianjin-2024",
    title="天津市2024年智能制造发展情况",
    text=(
        "天津市2024年智能制造发展情况\n"
        "截至2024年底，全市累计建成智能工厂和数字化车间450家，其中当年新增60家。\n"
        "市工业和信息化局负责智能工厂的认定工作。\n"
        "对通过国家级认定的企业，每家给予一次性奖励200万元。\n"
    ),
    published=date(2024, 12, 30),
    publisher="天津市工业和信息化局",
    region="天津市",
    url="https://example.cn/tianjin/2024",
    kind="新闻",
)
TIANJIN_2020 = Article(
    id="tianjin-2020",
    title="天津市2020年智能制造发展情况",
    text=(
        "天津市2020年智能制造发展情况\n"
        "截至2020年底，全市累计建成智能工厂和数字化车间150家。\n"
        "2020年，全市工业机器人产量达到3.2万台。\n"
    ),
    published=date(2020, 12, 28),
    publisher="天津市工业和信息化局",
    region="天津市",
    url="https://example.cn/tianjin/2020",
    kind="新闻",
)
JIAXING_2021 = Article(
    id="jiaxing-2021",
    title="嘉兴市育儿补贴实施办法",
    text=(
        "嘉兴市育儿补贴实施办法\n"
        "第一条 为鼓励生育，制定本办法。\n"
        "第二条 对生育二孩的本市户籍家庭，每孩一次性发放育儿补贴8000元。\n"
        "第三条 申请育儿补贴应当符合下列条件：\n"
        "（一）父母一方具有本市户籍；\n"
        "（二）新生儿已在本市登记户口；\n"
        "（三）在规定时间内提出申请。\n"
        "第四条 本办法自2021年9月1日起施行。\n"
    ),
    published=date(2021, 8, 15),
    publisher="嘉兴市卫生健康委员会",
    region="浙江省嘉兴市",
    document_number="嘉卫发〔2021〕15号",
    kind="政策文件",
)
NATIONAL_2022 = Article(
    id="national-2022",
    title="电动自行车充电场所管理条例",
    text=(
        "电动自行车充电场所管理条例\n"
        "第一条 为了预防火灾，保障人身和财产安全，制定本条例。\n"
        "第二条 充电场所应当安装烟雾报警装置，与疏散通道的距离不得小于10米。\n"
        "第三条 违反本条例规定在楼道内充电的，处500元以上1000元以下的罚款。\n"
        "第四条 本条例自2022年5月1日起施行。\n"
    ),
    published=date(2022, 3, 20),
    publisher="国务院",
    region="全国",
    kind="法规",
)
TRADITIONAL_2023 = Article(
    id="tianjin-apartments",
    title="天津市人才公寓管理辦法",
    text=(
        "天津市人才公寓管理辦法\r\n"
        "人才公寓項(xiàng)目單套建筑面積不超過90㎡，月租金標準為每㎡２５元。\r\n"
        "符合條件的申請人入住期限最長不超過３年，期滿應當騰退。\r\n"
    ),
    published=date(2023, 5, 18),
    publisher="天津市住房和城鄉建設委員會",
    region="天津市",
    kind="政策文件",
)
ARTICLES = (TIANJIN_2024, TIANJIN_2020, JIAXING_2021, NATIONAL_2022, TRADITIONAL_2023)
"""Invented articles about real places: two years of one indicator, a list, a national rule, both scripts."""


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


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of `ARTICLES`, built once; tests must not change it."""
    store = tmp_path_factory.mktemp("small") / "store"
    PolicyQA.build(ARTICLES, store).close()
    return store


@pytest.fixture
def small(small_store: Path, tmp_path: Path) -> Iterator[PolicyQA]:
    """Yield `ARTICLES`, opened; a copy, which the test may change."""
    shutil.copytree(small_store, tmp_path / "store")
    with PolicyQA.open(tmp_path / "store") as qa:
        yield qa


def evidence_of(article: Article, sentence: str, score: float = 0.9, order: float = 0.0) -> Evidence:
    """Return a sentence of an article as evidence with this probability, in its real passage."""
    start = article.text.index(sentence)
    end = start + len(sentence)
    passage = next(p for p in chunk(article) if p.start <= start and end <= p.end)
    folded = search_span(passage, start, end)
    return Evidence(
        article=article,
        passage=passage,
        start=start,
        end=end,
        reading=clean_span(passage, article.text, start, end),
        folded=folded,
        context=clean_span(passage, article.text, passage.start, passage.end),
        years=years_of(article, folded, search_span(passage, passage.start, start), fold(passage.heading)),
        order=order,
        score=score,
        features=(0.0,) * len(FEATURES),
    )
