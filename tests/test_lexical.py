"""The lexical leg: terms, and BM25 against a reference written from its formula."""

import math
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import HEADING_WEIGHT, MAX_QUERY_TERMS, LexicalIndex, LexicalWriter, find_damage, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("奖励", ["奖", "奖励", "励"]),
        ("奖", ["奖"]),
        ("5g基站", ["5g", "基", "基站", "站"]),
        ("2024年", ["2024", "年"]),
        ("1.75亿", ["1.75", "亿"]),
        ("1,234,567.5元", ["1234567.5", "元"]),
        ("1,23", ["1", "23"]),
        ("gb/t 2260-2007", ["gb", "t", "2260", "2007"]),
        ("甲,乙。", ["甲", "乙"]),
        ("𠮷野家", ["𠮷", "𠮷野", "野", "野家", "家"]),
        ("", []),
        (' "()~^* ', []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@given(st.text())
def test_terms_hold_no_white_space_and_come_from_the_text(text: str) -> None:
    for term in terms(text):
        assert term
        assert not any(character.isspace() for character in term)
        assert term in text.replace(",", "")


def build(folder: Path, passages: list[tuple[str, str]], articles: list[int] | None = None) -> LexicalIndex:
    with LexicalWriter(folder) as writer:
        for key, (heading, body) in enumerate(passages):
            writer.add(key, articles[key] if articles else key, heading, body)
        writer.commit()
    return LexicalIndex(folder)


def reference(passages: list[tuple[str, str]], query: str) -> dict[int, float]:
    """BM25 with k1 = 1.2, b = 0.75 and one idf for both fields, as a share of its bound."""
    fields = [[terms(passage[field]) for passage in passages] for field in (0, 1)]
    total = len(passages)
    scores: defaultdict[int, float] = defaultdict(float)
    bound = 0.0
    for term in dict.fromkeys(terms(query)):
        counts = [sum(term in words for words in field) for field in fields]
        idf = math.log(1 + (total - max(counts) + 0.5) / (max(counts) + 0.5))
        bound += idf * 2.2 * (1 + HEADING_WEIGHT)
        for field, weight in zip(fields, (HEADING_WEIGHT, 1.0), strict=True):
            average = sum(map(len, field)) / total
            for key, words in enumerate(field):
                if frequency := words.count(term):
                    length = 1.2 * (0.25 + 0.75 * len(words) / average)
                    scores[key] += weight * idf * frequency * 2.2 / (frequency + length)
    return {key: score / bound for key, score in scores.items()}


# Fewer than 40 terms in each field: up to there tantivy keeps field lengths exactly.
PASSAGES = [
    ("企业奖励", "对获评的企业每家奖励200万元"),
    ("企业奖励", "奖励资金由市财政承担"),
    ("人才住房", "人才住房补贴每月1500元"),
    ("", "企业应当在2024年底前申报,申报材料包括申请表"),
    ("申报指南", "奖励奖励奖励"),
    ("5g应用", "每建成一个5g基站补贴3.5万元"),
]


@pytest.mark.parametrize("query", ["企业奖励多少万元", "奖励", "5g基站补贴", "2024年申报材料", "人才住房"])
def test_shares_equal_the_reference(tmp_path: Path, query: str) -> None:
    expected = reference(PASSAGES, query)
    found = build(tmp_path / "index", PASSAGES).search(terms(query), 10)
    assert found == pytest.approx(expected, abs=1e-5)
    assert list(found) == sorted(found, key=lambda key: -found[key])


texts = st.text(alphabet="甲乙丙丁5g 。", max_size=18)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(texts, texts), min_size=1, max_size=8), st.text(alphabet="甲乙丙丁5g戊", max_size=6)
)
def test_shares_equal_the_reference_on_any_text(
    tmp_path_factory: pytest.TempPathFactory, passages: list[tuple[str, str]], query: str
) -> None:
    found = build(tmp_path_factory.mktemp("index"), passages).search(terms(query), 10)
    assert found == pytest.approx(reference(passages, query), abs=1e-5)
    assert all(0 < share <= 1 for share in found.values())


def test_idfs_are_those_of_the_reference(tmp_path: Path) -> None:
    found = build(tmp_path / "index", PASSAGES).idfs(["奖励", "5g", "上海"])
    assert found == pytest.approx(
        {term: math.log(1 + (6 - n + 0.5) / (n + 0.5)) for term, n in {"奖励": 3, "5g": 1, "上海": 0}.items()}
    )


def test_search_in_some_articles_only(tmp_path: Path) -> None:
    index = build(tmp_path / "index", PASSAGES, [7, 7, 8, 8, 9, 9])
    everywhere = index.search(terms("奖励补贴"), 10)
    some = index.search(terms("奖励补贴"), 10, [7, 9])
    assert some == {key: share for key, share in everywhere.items() if key in (0, 1, 4, 5)}
    assert index.search(terms("奖励补贴"), 1, [8]) == {2: everywhere[2]}


def test_shares_of_given_passages(tmp_path: Path) -> None:
    index = build(tmp_path / "index", PASSAGES)
    everywhere = index.search(terms("奖励补贴"), 10)
    assert index.shares(terms("奖励补贴"), [2, 4, 3]) == {key: everywhere[key] for key in (4, 2)}
    assert index.shares(terms("奖励"), []) == {}


def test_a_query_is_never_syntax(tmp_path: Path) -> None:
    index = build(tmp_path / "index", PASSAGES)
    plain = index.search(terms("奖励"), 10)
    assert index.search(terms('body:奖励 AND ("'), 10).keys() == plain.keys()
    assert index.search(terms('+-!(){}[]^"~*?:\\/'), 10) == {}


def test_a_repeated_term_counts_once_and_a_long_query_is_cut(tmp_path: Path) -> None:
    index = build(tmp_path / "index", PASSAGES)
    assert index.search(["奖励"] * 50, 10) == index.search(["奖励"], 10)
    rare = [f"x{n}" for n in range(MAX_QUERY_TERMS)]
    assert index.search([*rare, "奖励"], 10) == {}
    assert index.search([*rare[1:], "奖励"], 10)


def test_a_term_that_no_passage_has_lowers_the_share(tmp_path: Path) -> None:
    index = build(tmp_path / "index", PASSAGES)
    assert index.search(["奖励", "上海"], 9)[4] < index.search(["奖励"], 9)[4]


def test_deleted_passages_are_gone_and_an_open_index_keeps_them(tmp_path: Path) -> None:
    before = build(tmp_path / "index", PASSAGES)
    with LexicalWriter(tmp_path / "index") as writer:
        writer.delete([4])
        opstamp = writer.commit()
    after = LexicalIndex(tmp_path / "index")
    assert 4 in before.search(terms("奖励"), 10)
    assert 4 not in after.search(terms("奖励"), 10)
    assert (after.keys().tolist(), after.count, after.deleted) == ([0, 1, 2, 3, 5], 5, 1)
    assert after.opstamp >= opstamp > before.opstamp


def test_what_is_not_committed_does_not_count(tmp_path: Path) -> None:
    build(tmp_path / "index", PASSAGES)

    def fail() -> None:
        with LexicalWriter(tmp_path / "index") as writer:
            writer.add(99, 99, "", "奖励")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert LexicalIndex(tmp_path / "index").keys().tolist() == [0, 1, 2, 3, 4, 5]


def test_an_empty_index(tmp_path: Path) -> None:
    index = build(tmp_path / "index", [])
    assert index.search(["奖励"], 10) == {}
    assert index.keys().tolist() == []


def test_damage_is_found(tmp_path: Path) -> None:
    build(tmp_path / "index", PASSAGES)
    assert find_damage(tmp_path / "index") == []
    file = next((tmp_path / "index").glob("*.idx"))
    content = bytearray(file.read_bytes())
    content[3] ^= 1
    file.write_bytes(content)
    assert find_damage(tmp_path / "index") == [file.name]
