"""The argument parser's messages."""

import pytest

from qa.arguments import USER, Parser


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "缺少参数：题"),
        (["甲", "--n", "多"], "不是整数"),
        (["甲", "--kind", "丙"], "不能是 丙（可选：甲、乙）"),
        (["甲", "--x"], "不认识的参数：--x"),
        (["甲", "--n"], "后面要有一个值"),
    ],
)
def test_errors_are_chinese_with_the_remedy(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = Parser(prog="wence")
    parser.add_argument("question", metavar="题")
    parser.add_argument("--n", type=int)
    parser.add_argument("--kind", choices=["甲", "乙"])
    with pytest.raises(SystemExit) as stopped:
        parser.parse_args(given)
    assert stopped.value.code == USER
    message = capsys.readouterr().err
    assert said in message
    assert "用法见 wence --help" in message
