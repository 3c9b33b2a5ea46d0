"""Questions about policies, written for this project: the reader and weights are fitted on them.

    python -m index.training.policy --data ../shared/data --out build/reader-data/policy.jsonl

`policy_questions.jsonl` beside this file holds one question a line: the article's id, where the words that
answer stand in its text (code points, half open), or null where the article does not answer though it sounds
like it: another figure of the same thing, another year or place. The articles are some of `../shared/data`
and those of `policy_articles.jsonl`, invented for training: places are real, what is said of them is not.
Three or more of one family speak of the same subject in different places or years; a family is in one fold.
News come without titles; every other one gets its first words as one, so that the reader learns to look there
too. No article that the sample articles of eval/data take their facts from is among them.
"""

import argparse
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from index.errors import InputError
from index.folding import fold
from index.records import Article
from index.regions import find_regions
from index.training.candidates import HITS, NOWHERE, Asked, Row, build_squad, squeeze
from index.training.measuring import read_records

QUESTIONS = Path(__file__).with_name("policy_questions.jsonl")
INVENTED = Path(__file__).with_name("policy_articles.jsonl")
_TITLE = 40
_BEFORE = re.compile(
    r"\W*(?:(?:原|来源)标题\W|[^，。]{0,25}?(?:\d{1,2}月\d{1,2}日[电讯]|网讯|网消息)|[（(][^）)]{0,40}[）)]|\W)*"
)
"""What stands before the first words of news: who reports, from where, when."""
_CORPORA = ("news.jsonl.xz", "regulations.jsonl.xz")


def first_words(text: str) -> str:
    """A title for an article of the news: the first words of every other one."""
    if zlib.crc32(text.encode()) % 2:
        return ""
    lead = _BEFORE.sub("", text, count=1)
    return re.split("[\n。！？]", lead)[0][:_TITLE]


def policy_rows(data: Path) -> Iterator[Row]:
    """The articles with their questions; InputError where an article is not in the folder of the corpora."""
    asked: dict[str, list[tuple[str, list[int] | None]]] = defaultdict(list)
    for line in QUESTIONS.read_text("utf-8").splitlines():
        row = json.loads(line)
        asked[row["article"]].append((row["question"], row["answer"]))
    for record in _records(data):
        name, text = record["id"], record["text"]
        questions = []
        for question, span in asked.pop(name, []):
            gold = (span[0], span[1]) if span else NOWHERE
            answers = (squeeze(text[slice(*gold)]),) if span else ()
            questions.append(Asked(record.get("family", name), name, question, answers, gold))
        if questions:
            title = record.get("title", first_words(text))
            yield Article(id=name, title=title, text=text), questions
    if asked:
        raise InputError(f"{data} 里没有题目所问的文章 {next(iter(asked))}：语料与题目不是同一版本。")


def _records(data: Path) -> Iterator[dict[str, Any]]:
    for corpus in _CORPORA:
        yield from read_records(data / corpus)
    yield from map(json.loads, INVENTED.read_text("utf-8").splitlines())


def may_answer(rows: Sequence[Row]) -> Callable[[Asked, str], bool]:
    """What tells of a question about an invented article whether another of them may answer it as well.

    Many are on one subject: it may where the question names no place.
    """
    invented = {article.id for article, asked in rows if asked[0].article != article.id}

    def of_another_place(asked: Asked, other: str) -> bool:
        both = {asked.paragraph, other} <= invented and other != asked.paragraph
        return both and not find_regions(fold(asked.question))

    return of_another_place


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("build/reader-data/policy.jsonl"))
    given = parser.parse_args()
    rows = list(policy_rows(given.data))
    build_squad(rows, given.data, given.out, HITS, first_words, may_answer(rows))


if __name__ == "__main__":
    main()
