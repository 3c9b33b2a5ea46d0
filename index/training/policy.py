"""Questions about policies, written for this project: the reader and weights are fitted on them.

    python -m index.training.policy --data ../shared/data --out build/reader-data/policy.jsonl

`policy_questions.jsonl` beside this file holds one question a line, over articles of `../shared/data`: the
article's id, where the words that answer stand in its text (code points, half open), or null where the
article does not answer though it sounds like it: another figure of the same thing, another year or place.
News come without titles; every other one gets its first words as one, so that the reader learns to look there
too. No article that the sample articles of eval/data take their facts from is among them.
"""

import argparse
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from index.errors import InputError
from index.records import Article
from index.training.candidates import HITS, NOWHERE, Asked, Row, build_squad, squeeze
from index.training.measuring import read_records

QUESTIONS = Path(__file__).with_name("policy_questions.jsonl")
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
    for corpus in _CORPORA:
        for record in read_records(data / corpus):
            name, text = record["id"], record["text"]
            questions = []
            for question, span in asked.pop(name, []):
                gold = (span[0], span[1]) if span else NOWHERE
                answers = (squeeze(text[slice(*gold)]),) if span else ()
                questions.append(Asked(name, name, question, answers, gold))
            if questions:
                yield Article(id=name, title=record.get("title") or first_words(text), text=text), questions
    if asked:
        raise InputError(f"{data} 里没有题目所问的文章 {next(iter(asked))}：语料与题目不是同一版本。")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("build/reader-data/policy.jsonl"))
    given = parser.parse_args()
    build_squad(list(policy_rows(given.data)), given.data, given.out, HITS, first_words)


if __name__ == "__main__":
    main()
