"""Labels: what stands beside a name, on a line, on the next one, or in a table."""

import pytest

from index.fields.labels import labelled
from index.fields.lines import read_lines


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("來源: 北方網 作者: 編輯:甲 2024-12-09 10:28", "北方網"),
        ("2024-03-05 来源：某网", "某网"),
        ("【来源】：某网", "某网"),
        ("【来源】某网", "某网"),
        ("**来源：**某网", "某网"),
        ("来　源：某网", "某网"),
        ("| 来源 | 某网 | 日期 | 2024年 |", "某网"),
        ("来源：\n某网", "某网"),
        ("来源：\n作者：甲", ""),
        ("资金来源：财政拨款", ""),
    ],
)
def test_labelled(text: str, value: str) -> None:
    found = next(labelled(read_lines(f"题\n{text}\n正文一行，说了一件事。"), "来源"), None)
    assert (found.value if found else "") == value
