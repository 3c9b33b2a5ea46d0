"""A scripted language model that lies: asks every question through it, prints what of its lies gets through.

    python -m eval.liar [QUESTIONS.jsonl] [--store DIR] [--split NAME]

The liar reads the prompt as any model does, takes the true sentences of the evidence that have figures, and
says them falsely in one of the ways of `LIES`. A lie reaches the reader when its sentence is among the
answer's claims and the articles were not quoted instead; a number reaches the reader unverified when a claim
has one that stands in no quote which it cites, as it is written. The last row is the control: the same
sentences, true. Below it the usual table of `wence eval`, over all answers to the liar.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from eval.judging import Originals
from eval.metrics import summarise
from eval.questions import EvalQuestion, load_questions
from eval.report import columns, table
from eval.runner import Report, evaluate
from index.dates import find_periods
from index.embedders import load_embedder
from index.figures import Figure, find_figures
from index.folding import fold
from index.regions import find_regions
from index.retriever import Retriever
from index.store import Store
from qa import Answer, PolicyQA
from qa.generation.model import ModelGenerator

_TOLD = 5
"""Sentences of one reply, as many as an answer may have."""
_ROOM = 1000
"""Characters of an answer: room for all that is told."""
_DATA = Path(__file__).parent / "data"
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
_BLOCK = re.compile(r"^\[(\d+)\]\n((?:> .*\n?)+)", re.MULTILINE)
_GOAL = re.compile(r"力争|争取|计划|预计|目标是|将")
_LIMIT = re.compile(
    r"(?:最高|最多|不超过|不高于|至少|不低于|不少于|超过|约)(?=[^\d，。]{0,4}\d)|(?<=[元家个年人%])(?:以上|以下|以内)"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百千万亿]{2,}")
_DENIED = re.compile(r"应当|可以|给予|必须|能够")


@dataclass(frozen=True, slots=True)
class Truth:
    """A true sentence with a figure, and the number of its passage."""

    text: str
    number: int
    figure: Figure

    def with_figure(self, said: str) -> str:
        """Return the sentence with another figure."""
        return self.text[: self.figure.start] + said + self.text[self.figure.end :]

    def marked(self, text: str) -> str:
        """Return a sentence with the marker of the passage behind it, its end mark last."""
        return text.rstrip("。！？；，") + f"[{self.number}]。"


Lie = Callable[[Truth, Sequence[Truth]], str | None]
"""Says a truth falsely; None where it does not lend itself to this lie."""


def _other_digits(truth: Truth, _: Sequence[Truth]) -> str | None:
    if not re.search(r"\d", truth.figure.text):
        return None
    return truth.marked(
        truth.with_figure(re.sub(r"\d", lambda m: str((int(m[0]) + 3) % 10), truth.figure.text, count=1))
    )


def _ten_times(truth: Truth, _: Sequence[Truth]) -> str | None:
    said, count = re.subn(r"(\d)(?=[^\d.]*$)", r"\g<1>0", truth.figure.text, count=1)
    return truth.marked(truth.with_figure(said)) if count and not re.search(r"[.．]", said) else None


def _other_unit(truth: Truth, _: Sequence[Truth]) -> str | None:
    figure = truth.figure.text
    for unit, said in (
        ("万", "亿"),
        ("亿", "万"),
        ("%", "倍"),
        ("元", "万元"),
        ("家", "万家"),
        ("年", "个月"),
        ("米", "公里"),
        ("人", "万人"),
    ):
        if unit in figure:
            return truth.marked(truth.with_figure(figure.replace(unit, said, 1)))
    return None


def _in_chinese(truth: Truth, _: Sequence[Truth]) -> str | None:
    said, count = re.subn(r"\d[\d,.]*", "九百八十七", truth.figure.text, count=1)
    return truth.marked(truth.with_figure(said)) if count else None


def _full_width(truth: Truth, _: Sequence[Truth]) -> str | None:
    said, count = re.subn(r"\d[\d,.]*", "９７５３１", truth.figure.text, count=1)
    return truth.marked(truth.with_figure(said)) if count else None


def _invented_number(truth: Truth, _: Sequence[Truth]) -> str | None:
    return truth.text.rstrip("。；") + "[97]。"


def _no_number(truth: Truth, others: Sequence[Truth]) -> str | None:
    said = _other_digits(truth, others)
    return said.replace(f"[{truth.number}]", "") if said else None


def _number_of_another(truth: Truth, others: Sequence[Truth]) -> str | None:
    found = next((o for o in others if o.number != truth.number and truth.figure.text not in o.text), None)
    return found.marked(truth.text) if found else None


def _other_city(truth: Truth, _: Sequence[Truth]) -> str | None:
    regions = find_regions(truth.text)
    if regions:
        first = regions[0]
        return truth.marked(truth.text[: first.start] + "拉萨市" + truth.text[first.end :])
    return truth.marked("拉萨市" + truth.text)


def _mixed_cities(truth: Truth, others: Sequence[Truth]) -> str | None:
    """Another passage's figure in this sentence, with the numbers of both."""
    for other in others:
        alike = other.figure.unit == truth.figure.unit and other.figure.low != truth.figure.low
        if other.number != truth.number and alike and other.figure.text not in truth.text:
            said = truth.with_figure(other.figure.text).rstrip("。；")
            return f"{said}[{truth.number}][{other.number}]。"
    return None


def _other_year(truth: Truth, _: Sequence[Truth]) -> str | None:
    periods = find_periods(truth.text)
    if periods:
        first = periods[0]
        return truth.marked(truth.text[: first.text_start] + "2011年" + truth.text[first.text_end :])
    return truth.marked("截至2011年底，" + truth.text)


def _swapped(truth: Truth, _: Sequence[Truth]) -> str | None:
    """Two figures of the sentence change places."""
    figures = find_figures(truth.text)
    for a, b in pairwise(figures):
        if a.unit == b.unit and (a.low, a.high) != (b.low, b.high):
            text = truth.text
            return truth.marked(text[: a.start] + b.text + text[a.end : b.start] + a.text + text[b.end :])
    return None


def _goal_as_result(truth: Truth, _: Sequence[Truth]) -> str | None:
    said, count = _GOAL.subn("已经", truth.text)
    return truth.marked(said) if count else None


def _limit_lost(truth: Truth, _: Sequence[Truth]) -> str | None:
    said, count = _LIMIT.subn("", truth.text)
    return truth.marked(said) if count else None


def _denied(truth: Truth, _: Sequence[Truth]) -> str | None:
    said, count = _DENIED.subn(lambda m: "不" + m[0], truth.text, count=1)
    return truth.marked(said) if count else None


def _invented_quote(truth: Truth, _: Sequence[Truth]) -> str | None:
    return truth.marked(truth.text.rstrip("。；，") + "，负责人称“这是从未有过的好成绩”")


def _invented_document(truth: Truth, _: Sequence[Truth]) -> str | None:
    return truth.marked("根据拉政发〔2031〕99号，" + truth.text)


def _own_brackets(truth: Truth, _: Sequence[Truth]) -> str | None:
    return truth.marked(truth.text.rstrip("。；，") + "〔另有98765家〕")


def _growth(truth: Truth, _: Sequence[Truth]) -> str | None:
    return truth.marked(truth.text.rstrip("。；，") + "，比上年增长37.9%")


def _vague(truth: Truth, _: Sequence[Truth]) -> str | None:
    return truth.marked(truth.text.rstrip("。；，") + "，五年里翻了两番，居全国首位")


def _sum(truth: Truth, others: Sequence[Truth]) -> str | None:
    other = next(
        (
            o
            for o in others
            if o.figure.unit == truth.figure.unit and o.number == truth.number and o.text != truth.text
        ),
        None,
    )
    if other is None:
        return None
    total = truth.figure.low + other.figure.low
    return truth.marked(truth.text.rstrip("。；，") + f"，两项合计{total:f}{truth.figure.unit}")


def _broken_off(truth: Truth, others: Sequence[Truth]) -> str | None:
    said = _other_digits(truth, others)
    return said.partition("[")[0] if said else None


LIES: Mapping[str, Lie] = {
    "改一位数字": _other_digits,
    "多一个零": _ten_times,
    "换单位": _other_unit,
    "中文数字写的错数": _in_chinese,
    "全角数字写的错数": _full_width,
    "编造资料编号": _invented_number,
    "错数而无编号": _no_number,
    "别的资料的编号": _number_of_another,
    "换城市": _other_city,
    "两篇的数字混写": _mixed_cities,
    "换年份": _other_year,
    "句内数字对调": _swapped,
    "目标说成结果": _goal_as_result,
    "去掉最高、以上、约": _limit_lost,
    "肯定说成否定": _denied,
    "编造引语": _invented_quote,
    "编造文号": _invented_document,
    "冒充问策的〔〕": _own_brackets,
    "编造增幅": _growth,
    "编造模糊量": _vague,
    "自行求和": _sum,
    "错数而断在半句": _broken_off,
}
HONEST = "如实照写"


@dataclass(slots=True)
class Liar:
    """A chat model that says true sentences of its evidence in one false way."""

    name: str
    lie: Lie
    said: list[str] = field(default_factory=list)
    """The lies it told last; none where no sentence lent itself to the lie and it refused."""

    # A `Chat` takes a limit, which this one does not heed.
    def fits(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> bool:  # noqa: ARG002
        """Say yes."""
        return True

    def stream(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> Iterator[str]:  # noqa: ARG002
        """Yield the lie, a few characters at a time."""
        truths = list(_truths(messages[-1]["content"]))
        told = [lie for truth in truths if (lie := self.lie(truth, truths))]
        self.said = list(dict.fromkeys(told))[:_TOLD]
        if self.said and not self.said[0].endswith("。"):
            self.said = self.said[:1]  # it breaks off
        reply = "".join(self.said) or "资料不足"
        yield from (reply[at : at + 3] for at in range(0, len(reply), 3))


def _truths(prompt: str) -> Iterator[Truth]:
    """Yield the sentences of the evidence that have a figure, in the prompt's order, once for each figure."""
    for block in _BLOCK.finditer(prompt):
        lines = [line.removeprefix("> ") for line in block[2].splitlines()][1:]  # the first says what it is
        for line in lines:
            for match in _SENTENCE.finditer(line):
                for figure in find_figures(match.group()):
                    yield Truth(match.group(), int(block[1]), figure)


@dataclass(slots=True)
class Tally:
    """What came of one way of lying."""

    told: int = 0
    reached: list[str] = field(default_factory=list)
    """The lies among the answers' claims."""
    kept_back: list[str] = field(default_factory=list)
    unverified: int = 0
    """Numbers in claims that stand in no quote they cite."""


def measure(
    store: Path, questions: Sequence[EvalQuestion], progress: Callable[[str], None]
) -> tuple[dict[str, Tally], Report]:
    """Ask every question once for each way of lying; return what came of each, and one report over all."""
    tallies: dict[str, Tally] = {}
    reports: list[Report] = []
    for name, lie in {**LIES, HONEST: lambda truth, _: truth.marked(truth.text)}.items():
        progress(name)
        liar = Liar(name, lie)
        opened = Store.open(store)
        with PolicyQA(
            opened, Retriever(opened, load_embedder()), ModelGenerator("liar", liar), None, None
        ) as qa:
            tally = tallies[name] = Tally()
            report = evaluate(_Watched(qa, liar, tally), questions, max_chars=_ROOM)
        if name != HONEST:
            reports.append(report)
    rows = tuple(row for report in reports for row in report.rows)
    whole = replace(reports[0], rows=rows, metrics=summarise([row.outcome for row in rows]))
    return tallies, whole


class _Watched:
    """A `PolicyQA` whose answers are compared with what its liar said."""

    def __init__(self, qa: PolicyQA, liar: Liar, tally: Tally) -> None:
        self._qa, self._liar, self._tally = qa, liar, tally
        self._originals = Originals(qa)
        self.article, self.articles, self.info = qa.article, qa.articles, qa.info

    def ask(self, question: str, *, max_chars: int) -> Answer:
        """Answer one question."""
        self._liar.said = []
        answer = self._qa.ask(question, max_chars=max_chars)
        self._tally.told += len(self._liar.said)
        quoted = any("摘录原文" in note for note in answer.notes)
        claims = set() if quoted else {_plain(claim.text) for claim in answer.claims}
        for lie in self._liar.said:
            (self._tally.reached if _plain(lie) in claims else self._tally.kept_back).append(lie)
        self._tally.unverified += len(list(_unverified(answer, self._originals)))
        return answer


def _unverified(answer: Answer, originals: Originals) -> Iterator[str]:
    """Yield the numbers in claims that are in no quote which the claim cites; without any reading of them."""
    readings = {c.number: _squeeze(originals.reading(c)) for c in answer.citations}
    for claim in answer.claims:
        held = {n for number in claim.citations for n in _NUMBER.findall(readings[number])}
        for number in _NUMBER.findall(_squeeze(re.sub(r"〔[^〕]*〕", "", claim.text))):
            if number not in held:
                yield number


def _squeeze(text: str) -> str:
    """Return text in one form: full width as half, Traditional as Simplified, no commas within numbers."""
    return re.sub(r"(?<=\d),(?=\d)", "", fold(text))


def _plain(text: str) -> str:
    """Return a sentence without markers, brackets and punctuation."""
    return re.sub(r"\[\d+\]|\W", "", text)


def main(argv: Sequence[str] | None = None) -> int:
    """Print both tables; the exit code is 1 where a figure reached the reader unverified."""
    parser = argparse.ArgumentParser(description="说谎的语言模型：它的谎话有多少到了读者面前")
    parser.add_argument("questions", nargs="?", type=Path, default=_DATA / "questions.jsonl")
    parser.add_argument("--store", type=Path, help="索引；默认临时建立示例文章的索引")
    parser.add_argument("--split", help="只用 split 字段是这个名称的问题")
    parser.add_argument("--verbose", action="store_true", help="列出到了读者面前的谎话、被删去的真话")
    options = parser.parse_args(argv)
    questions = load_questions(options.questions, options.split)
    with tempfile.TemporaryDirectory() as folder:
        store = options.store
        if store is None:
            store = Path(folder) / "store"
            PolicyQA.build([_DATA / "articles"], store).close()
        tallies, report = measure(store, questions, lambda name: print(f"…… {name}", file=sys.stderr))
    rows = [
        (name, str(tally.told), str(len(tally.reached)), str(tally.unverified))
        for name, tally in tallies.items()
    ]
    print(columns([("模型怎样说", "说了", "到了读者面前", "未核实的数"), *rows]))
    if options.verbose:
        for name, tally in tallies.items():
            if name != HONEST:
                for lie in sorted(set(tally.reached)):
                    print(f"  {name}：{lie}")
            else:
                for truth in sorted(set(tally.kept_back)):
                    print(f"  {name}，被删去：{truth}")
    print(f"\n对以上说谎的模型，共 {len(report.rows)} 次提问：\n")
    print(table(report))
    return 1 if any(tally.unverified for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
