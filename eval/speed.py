"""Measures how fast articles are cleaned, folded and cut: megabytes of text a second for each step.

    python -m eval.speed 文件或文件夹 [--articles 篇数]

Time is that of the processor, of one core; a megabyte is a million bytes of UTF-8.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from index.chunking import chunk
from index.cleaning import find_edits, find_inline_edits
from index.folding import fold, fold_article
from index.furniture import find_blocks
from index.mojibake import find_mojibake
from index.readers import read_all
from index.records import Article

_Step = Callable[[Article], object]

STEPS: dict[str, _Step] = {
    "行内杂项与注音": lambda article: find_inline_edits(article.text),
    "页面附加内容": lambda article: find_blocks(article.text, ()),
    "错位编码": lambda article: find_mojibake(article.text),
    "归一": lambda article: fold(article.text),
    "清理与归一合计": lambda article: fold_article(
        article.text, 0, len(article.text), find_edits(article.text)
    ),
    "连同切分": chunk,
}


def measure(articles: Sequence[Article]) -> dict[str, float]:
    """Megabytes a second of each step, in the order of `STEPS`."""
    megabytes = sum(len(article.text.encode()) for article in articles) / 1e6
    speeds = {}
    for name, step in STEPS.items():
        for article in articles[:10]:  # tables fill themselves at first use
            step(article)
        start = time.process_time()
        for article in articles:
            step(article)
        speeds[name] = megabytes / max(time.process_time() - start, 1e-9)
    return speeds


def main(argv: Sequence[str] | None = None) -> int:
    """Measure the articles of a path and print one line a step."""
    parser = argparse.ArgumentParser(prog="python -m eval.speed")
    parser.add_argument("path", type=Path)
    parser.add_argument("--articles", type=int, default=5000)
    options = parser.parse_args(argv)
    found = islice(read_all([options.path]), options.articles)
    articles = [article for article in found if isinstance(article, Article)]
    if not articles:
        print(f"{options.path} 里没有能读的文章", file=sys.stderr)
        return 2
    print(f"{len(articles)} 篇，{sum(len(a.text.encode()) for a in articles) / 1e6:.1f} MB")
    for name, speed in measure(articles).items():
        print(f"{speed:8.1f} MB/s  {name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
