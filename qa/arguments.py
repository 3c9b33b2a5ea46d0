"""An argument parser that speaks Chinese."""

import argparse
import re
from typing import Any, NoReturn

USER = 2
"""Exit code of a user's error."""


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, **options)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def format_help(self) -> str:
        """Return the help of a command."""
        return super().format_help().replace("usage:", "用法：", 1)

    def format_usage(self) -> str:
        """Return the line that shows how a command is called."""
        return super().format_usage().replace("usage:", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        """Exit as after a user's error, saying what was wrong."""
        if choice := re.fullmatch(_CHOICE, message, re.DOTALL):
            choices = choice[3].replace("'", "").replace(", ", "、")
            message = f"参数 {choice[1]}：不能是 {choice[2]}（可选：{choices}）"
        for english, chinese in _PARSER_MESSAGES:
            message = message.replace(english, chinese)
        self.exit(USER, f"wence：{message}。用法见 {self.prog} --help\n")


_CHOICE = r"argument (\S+): invalid choice: '(.*)' \(choose from (.*)\)"
_PARSER_MESSAGES = (
    ("the following arguments are required: ", "缺少参数："),
    ("unrecognized arguments: ", "不认识的参数："),
    ("expected one argument", "后面要有一个值"),
    ("expected at least one argument", "后面至少要有一个值"),
    ("invalid int value: ", "不是整数："),
    ("argument ", "参数 "),
)
