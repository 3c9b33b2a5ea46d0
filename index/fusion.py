"""Fusion: one calibrated score from what both legs and the passage's own words say.

Both legs put passages forward. The best of these by a first sum are matched with the query word by word, and
a weighted sum of all these measures and a logistic give the score. The weights are the same for every query,
so a score means the same everywhere and refusal can read it. Nothing is scaled by the best hit of a query.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

CANDIDATES = 100
"""How many passages each leg puts forward; both scores are computed for each of them."""
SHORTLIST = 24
"""How many of them are matched word by word, at least."""

STAGES = ("lexical", "dense", "coverage", "closeness", "opening", "named")
"""What a hit's `stages` name, in the order in which `fuse` takes them."""

DENSE_SHARE = 0.1
"""What a cosine counts in the first sum, relative to a share."""
LEXICAL, DENSE, COVERAGE, CLOSENESS, OPENING = 7.1, 3.1, 3.8, 4.5, 3.1
OFFSET = -7.3
"""Chosen on questions of CMRC 2018 (train, dev), DRCD (test) and XQuAD, and on those about policies of
index/training, among 20,000 passages of news: weights so that the right passage is a question's likeliest,
their scale and the offset so that a score is the share of first hits that are right, where half of the
questions have no right passage in the index."""
NAMED = 4.0
"""What it counts that the query names the article's title, or a document number in the passage."""

FloatArray: TypeAlias = npt.NDArray[np.float64]


def first_sum(lexical: float, dense: float) -> float:
    """What one candidate comes to before its words are matched."""
    return lexical + DENSE_SHARE * dense


def shortlist(lexical: FloatArray, dense: FloatArray, k: int) -> npt.NDArray[np.int64]:
    """The places of the best SHORTLIST by the first sum, of `k` if that is more; equal ones stay together."""
    first = np.round(lexical + DENSE_SHARE * dense, 6)
    size = max(SHORTLIST, k)
    if len(first) <= size:
        return np.arange(len(first))
    return np.flatnonzero(first >= np.partition(first, -size)[-size])


def fuse(
    lexical: FloatArray,
    dense: FloatArray,
    coverage: FloatArray,
    closeness: FloatArray,
    opening: FloatArray,
    named: FloatArray,
) -> FloatArray:
    """The sums by which passages are ranked, from the values of `STAGES`."""
    words = LEXICAL * lexical + COVERAGE * coverage + CLOSENESS * closeness + OPENING * opening
    total: FloatArray = words + DENSE * dense + NAMED * named + OFFSET
    return total


def calibrate(total: FloatArray) -> FloatArray:
    """Scores in [0, 1] from fused sums; rises with them."""
    scores: FloatArray = 1.0 / (1.0 + np.exp(-total))
    return scores
