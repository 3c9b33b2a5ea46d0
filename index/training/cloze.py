"""Made-up questions: a figure, date, name, place or list of a sentence is asked for, in other words.

    python -m index.training.cloze --data ../shared/data --out build/reader-data/cloze.jsonl --count 60000

The words around what is asked for are thinned out, put in another order and partly exchanged for words of
like meaning; words of the heading or of the sentences before are added: overlap alone must not give the
sentence away. The other passages are neighbours of the same article and passages that share its words.
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.chunking import chunk
from index.dates import find_periods
from index.embedders import bundled_embedder
from index.figures import find_figures
from index.folding import fold
from index.reading import passage_sentences, search_range
from index.records import Article, Passage
from index.regions import find_regions
from index.training.candidates import Candidates, Read, squeeze
from index.training.measuring import read_records
from index.words import Words, bundled_words

PASSAGES = 4
"""Passages of one article that are asked about, at most."""
_SENTENCE_LENGTHS = range(10, 121)
_QUESTION_LENGTH = 44
_LIKE = 0.55
"""The least cosine of two words that may stand for each other."""

_TITLES = (
    "主任|书记|局长|教授|院长|总裁|董事长|市长|校长|经理|主席|总统|总理|部长|研究员|负责人|先生|女士|专家|博士|导演|队长"
    "|教练|会长|秘书长|司长|处长|厅长|省长|县长|区长|村民|市民|记者|运动员|选手|球员|法官|检察官|律师|医生|老师|演员|作家"
)
_PERSON = re.compile(
    rf"(?:{_TITLES})(?P<x>[\u4e00-\u9fff]{{2,4}}?)"
    "(?=说|表示|介绍|指出|认为|强调|告诉|称|坦言|透露|[、,，在对向和])"
)
_BODIES = (
    "局|部|委员会|公司|大学|法院|检察院|政府|协会|集团|中心|银行|医院|机关|学院|研究院|研究所|办公室|委|厅|组织|联盟"
    "|基金会|俱乐部|学校"
)
_ORGANISATION = re.compile(
    rf"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{{2,14}}?(?:{_BODIES})"
    "(?=[,，、在对向为的将已由与和]|负责|应当|规定|表示|发布)"
)
_QUOTED = re.compile(r"《[^《》]{2,30}》|[“\"][^“”\"]{2,20}[”\"]")
_LIST = re.compile(
    r"(?:包括|主要有|分别是|分别为|涵盖|涉及|[有是为:：])"
    r"(?P<x>[^,，。;；:：、]{1,12}(?:、[^,，。;；、]{1,14}){1,8})"
)
_REASON = re.compile(r"(?:因为|由于|为了|为|因)[^,，。;；]{4,40}(?=[,，])")
_THING = re.compile(r"(?<=[是为叫称])(?![是为否])[\u4e00-\u9fffA-Za-z0-9·]{2,14}(?=[,，。;；的])")
_COMMA = re.compile(r"[,，;；:：。!?！？]")

# Pattern, the question words that stand in its place, the endings of a question that names the rest first.
_PATTERNS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (_PERSON, "谁 哪位 何人", "是谁 的是谁 叫什么名字"),
    (_ORGANISATION, "哪个机构 哪个部门 谁 哪家单位 什么机构 哪家公司", "是哪个部门 是哪家单位 是谁"),
    (_QUOTED, "什么 哪个 哪部 哪项", "是什么 叫什么 名称是什么"),
    (_LIST, "哪些 什么 哪几个", "有哪些 包括哪些 是哪些 分别是什么"),
    (_REASON, "为什么 为何 因为什么", "的原因是什么 是为什么 的目的是什么"),
    (_THING, "什么 哪个", "是什么 叫什么"),
)
_DATE = ("什么时候 何时 哪一年 哪年 哪天 什么时间 几月", "是什么时候 在什么时候 是哪一年 是何时")
_PLACE = ("哪里 哪个地方 何地 哪个城市 哪个省 什么地方 哪座城市", "在哪里 是哪里 位于哪里 在什么地方")
_RANK = ("第几 第几位 第几名", "排第几 排名第几 位列第几")
_SHARE = ("多少 百分之多少 百分之几", "是多少 占比是多少 比例是多少 达到多少")
_MONEY = ("多少{} 多少钱 多少资金 多少元", "是多少 金额是多少 有多少 达到多少")
_COUNT = ("多少{} 几{} 多少", "是多少 有多少 数量是多少 达到多少")


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for: a span of a sentence, and how it may be asked for."""

    start: int
    end: int
    words: tuple[str, ...]
    """Question words that may stand in its place."""
    tails: tuple[str, ...]
    """Endings of a question that names the rest first."""


def find_targets(sentence: str) -> list[Target]:
    """All that can be asked for in a folded sentence."""
    found: list[Target] = []

    def add(start: int, end: int, words: str, tails: str) -> None:
        found.append(Target(start, end, tuple(words.split()), tuple(tails.split())))

    for figure in find_figures(sentence):
        unit = figure.text.lstrip("0123456789.,一二两三四五六七八九十百千零〇约近超逾达多余").replace(" ", "")
        ways = {"第位": _RANK, "%": _SHARE, "元": _MONEY}.get(figure.unit, _COUNT)
        add(figure.start, figure.end, ways[0].format(unit, unit), ways[1])
    for period in find_periods(sentence):
        add(period.text_start, period.text_end, *_DATE)
    for mention in find_regions(sentence):
        add(mention.start, mention.end, *_PLACE)
    for pattern, words, tails in _PATTERNS:
        for match in pattern.finditer(sentence):
            add(*(match.span("x") if "x" in pattern.groupindex else match.span()), words, tails)
    return found


class Rewording:
    """Words that may stand for others: the nearest in the bundled embedder's table."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._known: dict[str, list[str]] = {}
        embedder = bundled_embedder()
        model = json.loads(embedder.tokenizer.to_str())["model"]
        self._pieces = [piece for piece, _ in model["vocab"]]
        vectors = embedder.vectors.astype(np.float32)
        self._vectors: NDArray[np.float32] = vectors / np.maximum(
            np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6
        )
        self._numbers = {piece: n for n, piece in enumerate(self._pieces)}

    def split(self, text: str) -> list[str]:
        """The pieces of a text, punctuation left out."""
        return [word.text for word in self._words.split(text)]

    def like(self, word: str) -> list[str]:
        """Up to five words of like meaning."""
        if word not in self._known:
            number, found = self._numbers.get(word), []
            if number is not None and len(word) > 1:
                cosines = self._vectors @ self._vectors[number]
                best = np.argsort(-cosines)[1:6]
                found = [self._pieces[n] for n in best if cosines[n] >= _LIKE and len(self._pieces[n]) > 1]
            self._known[word] = found
        return self._known[word]


def make_question(
    sentence: str,
    target: Target,
    before: str,
    heading: str,
    rewording: Rewording,
    random: np.random.Generator,
) -> str:
    """A question for the target of a sentence; empty where too little is left to ask with."""
    # The clauses around the target, the nearest first.
    cuts = [0, *(m.end() for m in _COMMA.finditer(sentence)), len(sentence)]
    left = max(c for c in cuts if c <= target.start)
    right = min(c for c in cuts if c >= target.end)
    reach = random.random()
    if reach < 0.45 and left:
        left = max((c for c in cuts if c < left), default=0)
    elif reach < 0.6 and right < len(sentence):
        right = min((c for c in cuts if c > right), default=len(sentence))
    thin, swap = random.choice([0.0, 0.15, 0.3, 0.5]), random.choice([0.0, 0.1, 0.25])

    def reword(text: str) -> list[str]:
        kept = []
        for word in rewording.split(text):
            if random.random() < thin:
                continue
            others = rewording.like(word) if random.random() < swap else []
            kept.append(str(random.choice(others)) if others else word)
        return kept

    front, back = reword(sentence[left : target.start]), reword(sentence[target.end : right])
    if len("".join(front + back)) < 4:
        return ""
    topic: list[str] = []
    if random.random() < 0.5:
        source = heading if heading and random.random() < 0.6 else before
        pieces = [piece for piece in rewording.split(source) if len(piece) > 1]
        if pieces:
            at = int(random.integers(len(pieces)))
            topic = pieces[at : at + int(random.integers(1, 4))]
    word = str(random.choice(target.words))
    shape = random.random()
    if shape < 0.5:
        parts = [*topic, *front, word, *back]
    elif shape < 0.8:
        parts = [*topic, *front, *back, str(random.choice(target.tails))]
    elif shape < 0.9:
        parts = [*topic, *back, *front, str(random.choice(target.tails))]
    else:
        parts = [word, *back, *front]
    question = "".join(parts)
    surplus = len(question) - _QUESTION_LENGTH
    if surplus > 0:
        place = question.find(word)
        start = min(max(0, place - _QUESTION_LENGTH // 2), surplus) if place >= 0 else surplus
        question = question[start : start + _QUESTION_LENGTH]
    return question + ("?" if random.random() < 0.8 else "")


def read(passage: Passage, text: str, sentence: int = -1, target: Target | None = None) -> Read:
    """A passage with the sentence that holds the target marked; others that hold its words are unsure."""
    spans = [list(search_range(passage, *span)) for span in passage_sentences(passage, text)]
    answer, held = None, ""
    if target is not None:
        start = spans[sentence][0]
        answer = [start + target.start, start + target.end]
        held = squeeze(passage.search_text[answer[0] : answer[1]])
    labels = []
    for number, (low, high) in enumerate(spans):
        inside = bool(held) and held in squeeze(passage.search_text[low:high])
        labels.append(1 if number == sentence and target else -1 if inside else 0)
    return Read(fold(passage.heading), passage.search_text, spans, labels, answer)


def articles(data: Path, random: np.random.Generator) -> Iterator[Article]:
    """Articles of news and regulations, mixed."""
    news = list(read_records(data / "news.jsonl.xz"))
    rules = list(read_records(data / "regulations.jsonl.xz"))
    rows = news + rules * 2  # a regulation has many passages, of which few are taken
    for n in random.permutation(len(rows)):
        yield Article(id=rows[n]["id"], title=rows[n].get("title") or "", text=rows[n]["text"])


def make(data: Path, count: int, seed: int) -> Iterator[Candidates]:
    """`count` made-up questions with their passages."""
    random = np.random.default_rng(seed)
    rewording = Rewording(bundled_words())
    recent: dict[str, list[Read]] = defaultdict(list)  # passages by words they hold, to find look-alikes
    made = 0
    for article in articles(data, random):
        passages = chunk(article)
        for number in random.permutation(len(passages))[:PASSAGES]:
            gold = ask(passages[number], article.text, rewording, random)
            if gold is None:
                continue
            question, held, right = gold
            others = [
                read(passages[n], article.text) for n in (number - 1, number + 1) if 0 <= n < len(passages)
            ]
            alike = [one for key in rewording.split(question) for one in recent[key][-2:]]
            if alike:
                others.append(alike[int(random.integers(len(alike)))])
            unlike = [unsure(other, held) for other in others if other.text != right.text]
            for key in set(rewording.split(right.text[:200])):
                if len(key) > 1:
                    recent[key] = [*recent[key][-3:], right]
            yield Candidates(article.id, question, [held], [right, *unlike], None)
            made += 1
            if made == count:
                return


def ask(
    passage: Passage, text: str, rewording: Rewording, random: np.random.Generator
) -> tuple[str, str, Read] | None:
    """A question about a passage, what is asked for, and the passage marked; None if nothing can be asked."""
    ranges = [search_range(passage, *span) for span in passage_sentences(passage, text)]
    options = []
    for place, (low, high) in enumerate(ranges):
        sentence = passage.search_text[low:high]
        if len(sentence) in _SENTENCE_LENGTHS:
            options += [(place, target) for target in find_targets(sentence)]
    if not options:
        return None
    place, target = options[int(random.integers(len(options)))]
    low, high = ranges[place]
    before, heading = passage.search_text[max(0, low - 80) : low], fold(passage.heading)
    question = make_question(passage.search_text[low:high], target, before, heading, rewording, random)
    if not question:
        return None
    held = squeeze(passage.search_text[low + target.start : low + target.end])
    return question, held, read(passage, text, place, target)


def unsure(one: Read, held: str) -> Read:
    """The passage with the sentences that hold the answer's words marked as unsure."""
    labels = [-1 if held in squeeze(one.text[low:high]) else 0 for low, high in one.sentences]
    return Read(one.heading, one.text, one.sentences, labels, None)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("build/reader-data/cloze.jsonl"))
    parser.add_argument("--count", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=2024)
    given = parser.parse_args()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    with given.out.open("w", encoding="utf-8") as file:
        for question in make(given.data, given.count, given.seed):
            file.write(json.dumps(asdict(question), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
