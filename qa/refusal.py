"""Decides whether the evidence suffices, and says what was looked for and what is nearest where it does not."""

from dataclasses import dataclass

from index.records import Article
from qa.evidence import Evidence, Selection, fitted
from qa.question import Question
from qa.scope import Mismatch, asked_years

NO_EVIDENCE = "没有依据"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is not answered; `text` is what the reader sees."""

    reason: str
    text: str


def refuse(question: Question, selection: Selection) -> Refusal | None:
    """Return the refusal where no sentence answers with enough probability, else None.

    The threshold stands in `evidence.json` beside the weights; `python -m eval.fit` chose it on the
    tuning half of the sample set.
    """
    best = selection.evidence[0] if selection.evidence else None
    if best is not None and best.score >= fitted().threshold:
        return None
    # A sentence that was set aside is the nearest one only where it would have answered otherwise.
    aside = [
        (reason, evidence)
        for reason, evidence in selection.set_aside.items()
        if evidence.score >= fitted().threshold or best is None
    ]
    if aside:
        reason, nearest = max(aside, key=lambda pair: pair[1].score)
        return Refusal(reason.value, _text(question, nearest, reason))
    return Refusal(NO_EVIDENCE, _text(question, best, None))


def unverified(question: Question, selection: Selection) -> Refusal:
    """Return the refusal for an answer of which nothing passed verification."""
    return Refusal("无法核实", _text(question, selection.evidence[0], None))


def _text(question: Question, nearest: Evidence | None, reason: Mismatch | None) -> str:
    wanted = []
    if question.regions:
        wanted.append("地区" + "、".join(region.full_name for region in question.regions))
    if years := asked_years(question):
        wanted.append("年份" + "、".join(f"{year}年" for year in sorted(years)))
    if question.content:
        wanted.append("内容" + "、".join(question.content))
    lines = ["现有文章中没有找到可以回答这个问题的依据。"]
    if wanted:
        lines.append(f"查找范围：{'；'.join(wanted)}。")
    if nearest is not None:
        lines.append(f"最接近的文章是{_describe(nearest.article)}{f'，但{reason.value}' if reason else ''}，未据此作答。")
    return "".join(lines)


def _describe(article: Article) -> str:
    about = [part for part in (article.region, article.published.isoformat() if article.published else "") if part]
    return f"《{article.title or article.id}》" + (f"（{'，'.join(about)}）" if about else "")
