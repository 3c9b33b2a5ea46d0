"""Question sets: one JSON object a line, read and checked before anything is asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import InputError


@dataclass(frozen=True, slots=True)
class EvalQuestion:
    """One question and what a right answer to it is."""

    id: str
    question: str
    answerable: bool
    must: tuple[tuple[str, ...], ...] = ()
    """Every group needs one of its alternatives in the answer; empty where there is no answer."""
    article: str = ""
    """The id of the article that holds the answer, or the stem of its file."""
    evidence: str = ""
    """The piece of the article's original text that carries the answer."""
    tag: str = ""
    split: str = ""
    """The half it belongs to (`tuning`, `reporting`); empty where the set is not divided."""
    twin: str = ""
    """The id of the answerable question of which this one is the unanswerable variant."""


def load_questions(path: Path | str, split: str | None = None) -> list[EvalQuestion]:
    """Return the questions of a JSONL file in its order; with `split`, only those of that half.

    Fields that the schema does not know are ignored. Raises InputError, naming file and line, for the
    first row that is not usable, and for a file that holds no question or none of `split`.
    """
    path = Path(path)
    questions: list[EvalQuestion] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            question = _parse(line)
        except ValueError as error:
            raise InputError(f"{path} 第 {number} 行：{error}") from None
        if question.id in lines:
            first = lines[question.id]
            raise InputError(
                f"{path} 第 {number} 行：题号「{question.id}」与第 {first} 行重复，请改成不同的题号"
            )
        lines[question.id] = number
        questions.append(question)
    if not questions:
        raise InputError(f"{path} 里没有题目：请每行写一个 JSON 对象，格式见 README 的「评测」一节")
    if split is None:
        return questions
    chosen = [question for question in questions if question.split == split]
    if not chosen:
        known = "、".join(sorted({question.split for question in questions if question.split}))
        remedy = f"可选的有：{known}" if known else "这个文件没有分组，请去掉 --split"
        raise InputError(f"{path} 里没有 split 为「{split}」的题目：{remedy}")
    return chosen


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"没有题库文件 {path}：请检查路径") from None
    except OSError as error:
        raise InputError(
            f"读不了题库 {path}（{error.strerror}）：请检查它是不是文件、有没有读取权限"
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(f"题库 {path} 不是 UTF-8 编码（第 {error.start} 字节）：请另存为 UTF-8") from None


def _parse(line: str) -> EvalQuestion:
    """Read one row; ValueError says in Chinese what is wrong with it and what to do."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"不是完整的 JSON（第 {error.colno} 列），请检查引号、逗号和括号") from None
    if not isinstance(row, dict):
        raise ValueError('应是一个 JSON 对象，例如 {"id": "q1", "question": "……", …}')
    answerable = row.get("answerable")
    if not isinstance(answerable, bool):
        raise ValueError("answerable 应写 true（有答案）或 false（没有答案）")
    if not answerable and row.get("must"):
        raise ValueError("没有答案的题（answerable 为 false）不应有 must，请删去 must 或改为 true")
    return EvalQuestion(
        id=_text(row, "id", required=True),
        question=_text(row, "question", required=True),
        answerable=answerable,
        must=_must(row.get("must")) if answerable else (),
        article=_text(row, "article", required=True) if answerable else "",
        evidence=_text(row, "evidence", required=True) if answerable else "",
        tag=_text(row, "tag"),
        split=_text(row, "split"),
        twin=_text(row, "twin"),
    )


def _text(row: Mapping[str, Any], name: str, required: bool = False) -> str:
    value = row.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        raise ValueError(f"{name} 应是{'非空的' if required else ''}字符串，请补上或改正")
    return value


def _must(value: object) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list) or not value:
        raise ValueError('有答案的题要有 must，例如 [["350家"], ["400家", "四百家"]]')
    groups = []
    for group in value:
        if not isinstance(group, list) or not group:
            raise ValueError('must 的每一组应是非空的列表，例如 ["400家", "四百家"]')
        if not all(isinstance(alternative, str) and alternative.strip() for alternative in group):
            raise ValueError("must 的每个说法应是非空的字符串，请补上或删去")
        groups.append(tuple(group))
    return tuple(groups)
