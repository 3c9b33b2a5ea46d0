"""Naming: titles that queries name."""

import pytest

from index.folding import fold
from index.naming import meant, named, numbered, quoted_titles

SMOKING = "公共场所控制吸烟条例"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("《甲条例》和《乙办法》", ["甲条例", "乙办法"]),
        ("《关于适用〈甲〉的解释》", ["关于适用〈甲〉的解释"]),
        ("《关于适用《甲法》的解释》何时施行", ["关于适用《甲法》的解释"]),
        ("》没有《开始", []),
        ("《 》", []),
    ],
)
def test_quoted_titles(query: str, expected: list[str]) -> None:
    assert quoted_titles(query) == expected


@pytest.mark.parametrize(
    ("query", "heading", "expected"),
    [
        ("《公共场所控制吸烟条例》何时施行", f"{SMOKING}(2021年修正) / 第一章", True),
        ("《公共场所控制吸烟条例》何时施行", f"海滨市{SMOKING}", False),
        ("《海滨市公共场所控制吸烟条例》何时施行", SMOKING, False),
        ("公共场所控制吸烟条例何时施行", SMOKING, True),
        ("海滨市公共场所控制吸烟条例何时施行", SMOKING, False),
        ("违反公共场所控制吸烟条例罚多少", SMOKING, True),
        ("《公司法》何时施行", "中华人民共和国公司法", True),
        ("公司法何时施行", "中华人民共和国公司法", False),
        ("何时施行", "", False),
        ("《》", "", False),
    ],
)
def test_named(query: str, heading: str, expected: bool) -> None:
    assert named(fold(query), [fold(heading)]) == [expected]


def test_of_titles_that_hold_each_other_the_longest_is_named() -> None:
    query = "公共场所控制吸烟条例实施细则何时施行"
    assert named(query, [SMOKING, f"{SMOKING}实施细则", SMOKING]) == [False, True, False]
    assert named("海滨省实施《水法》办法罚多少", ["海滨省实施《水法》办法", "水法"]) == [True, False]
    assert named(f"《{SMOKING}》何时施行", [SMOKING, f"{SMOKING}实施细则"]) == [True, False]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("按海政办发〔2024〕5号能补多少", "海政办发〔2024〕5号", True),
        ("按海政办发[2024]5号能补多少", "文号：海政办发（2024）第5号", True),
        ("国发〔2024〕15号", "海滨市政府：根据国发〔2024〕15号", True),
        ("国发〔2024〕15号", "根据国发〔2024〕5号", False),
        ("国发〔2024〕5号", "根据国发〔2023〕5号", False),
        ("国发〔2024〕5号", "根据国办发〔2024〕5号", False),
        ("2024年5号文件", "国发〔2024〕5号", False),
        ("能补多少", "国发〔2024〕5号", False),
    ],
)
def test_numbered(query: str, text: str, expected: bool) -> None:
    assert numbered(fold(query), [fold(text)]) == [expected]


def test_a_passage_is_meant_by_its_title_or_its_number() -> None:
    texts = ["无", "国发〔2024〕5号", "国发〔2024〕6号"]
    assert meant(f"国发〔2024〕5号与{SMOKING}", [SMOKING, "", ""], texts) == [True, True, False]
