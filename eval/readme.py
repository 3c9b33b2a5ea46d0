"""Writes the sample set's own figures: README.md's table, and the baseline that CI guards."""

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from eval.questions import load_questions
from eval.report import markdown
from eval.runner import Report, evaluate
from index.errors import InputError, WenceError
from qa import PolicyQA

DATA = Path(__file__).parent / "data"
README = Path(__file__).parent.parent / "README.md"
BASELINE = DATA / "baseline.json"
GUARDED = ("accuracy", "grounded_accuracy", "refusal_recall", "quote_exactness")
"""The metrics that must not fall: `tests/test_quality.py` compares them with the baseline."""
BEGIN, END = "<!-- eval:begin -->", "<!-- eval:end -->"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and rewrite the block in the README (or the files named); return the exit code."""
    names = sys.argv[1:] if argv is None else argv
    try:
        report = rewrite([Path(name) for name in names] or [README], DATA)
        if not names:
            values = {name: round(getattr(report.metrics, name), 4) for name in GUARDED}
            BASELINE.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    except WenceError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def rewrite(paths: Sequence[Path], data: Path) -> Report:
    """Measure `data` and write the figures into the files; raises WenceError, and then changes none."""
    texts = [_read(path) for path in paths]
    report = measure(data)
    written = block(report)
    for path, text in zip(paths, texts, strict=True):
        path.write_text(replace_block(text, written, path), encoding="utf-8")
    return report


def measure(data: Path) -> Report:
    """Index `data`/articles in a temporary store and return what its reporting half of questions came to."""
    questions = load_questions(data / "questions.jsonl", split="reporting")
    with (
        tempfile.TemporaryDirectory() as folder,
        PolicyQA.build([data / "articles"], Path(folder) / "store") as qa,
    ):
        return evaluate(qa, questions)


def block(report: Report) -> str:
    """Return the Markdown that stands between the markers."""
    configuration = report.configuration
    return (
        f"示例集中留作报告的一半问题，在全部 {configuration['articles']} 篇示例文章上；"
        f"回答至多 {configuration['max_chars']} 字；索引指纹 `{report.fingerprint}`。"
        f"本表由 `python -m eval.readme` 写入。\n\n{markdown(report)}"
    )


def replace_block(text: str, written: str, path: Path, markers: tuple[str, str] = (BEGIN, END)) -> str:
    """Return the text with what stands between its markers replaced; raises InputError where they are not."""
    before, begin, rest = text.partition(markers[0])
    _, end, after = rest.partition(markers[1])
    if not begin or not end:
        raise InputError(f"{path} 里没有 {markers[0]} 与 {markers[1]} 两个标记：请在要放表格的地方各写一行")
    return f"{before}{begin}\n{written}{end}{after}"


def _read(path: Path) -> str:
    """Read a file and see that the markers are there, before minutes are spent on measuring."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"读不到 {path}（{error.strerror}）：请在项目目录里运行，或写明文件") from None
    replace_block(text, "", path)
    return text


if __name__ == "__main__":
    raise SystemExit(main())
