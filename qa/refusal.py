"""Decides whether the evidence suffices; where not, says what was looked for and what is nearest."""

from dataclasses import dataclass

from index.records import Article
from qa.evidence import Evidence, Selection
from qa.question import Question
from qa.scope import Mismatch, any_within, asked_years

NO_EVIDENCE = "没有依据"
_NOTHING = "现有文章中没有找到可以回答这个问题的依据。"
_CHAT = "这里只依据收录的文章回答政策问题，不作闲谈。"
_YEARS_NAMED = 3
_BRIEFLY = "没有找到依据。"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is not answered."""

    reason: str
    nothing: str
    scope: str
    nearest: str
    """What the reader sees: that there is no evidence, what was looked for, what comes nearest."""

    def text(self, characters: int) -> str:
        """Return what the reader sees, as many whole sentences as fit, in at most so many characters."""
        if len(self.nothing) > characters:
            return _BRIEFLY[:characters]
        nearest = self.nearest if len(self.nothing + self.nearest) <= characters else ""
        scope = self.scope if len(self.nothing + self.scope + nearest) <= characters else ""
        return self.nothing + scope + nearest


def refuse(question: Question, selection: Selection) -> Refusal | None:
    """Return the refusal where no sentence answers with enough probability, else None.

    The threshold stands in `evidence.json` beside the weights; `python -m eval.fit` chose it on questions
    about policies that no report uses.
    """
    if question.chat:
        return Refusal("闲聊", _CHAT, "", "")
    best = selection.evidence[0] if selection.evidence else None
    if best is not None and best.score >= selection.threshold:
        return None
    # A sentence that was set aside is the nearest one only where it would have answered otherwise, and one of
    # another region only where the asked one has no article of its own.
    asked = [region.full_name for region in question.regions]
    own = best is not None and any_within((best.article.region,), asked)
    aside = [
        (reason, evidence)
        for reason, evidence in selection.set_aside.items()
        if (evidence.score >= selection.threshold or best is None) and not (own and reason is Mismatch.REGION)
    ]
    if aside:
        reason, nearest = max(aside, key=lambda pair: pair[1].score)
        return _refusal(reason.value, question, nearest, reason)
    return _refusal(NO_EVIDENCE, question, best, None)


def unverified(question: Question, selection: Selection) -> Refusal:
    """Return the refusal for an answer of which nothing passed verification."""
    return _refusal("无法核实", question, selection.evidence[0], None)


def _refusal(reason: str, question: Question, nearest: Evidence | None, mismatch: Mismatch | None) -> Refusal:
    wanted = []
    if question.regions:
        wanted.append("地区" + "、".join(region.full_name for region in question.regions))
    if years := asked_years(question):
        wanted.append("年份" + "、".join(f"{year}年" for year in sorted(years)))
    if question.issuers:
        wanted.append("发布单位" + "、".join(sorted(question.issuers)))
    if runs := [run for run in question.content if len(run) > 1]:
        wanted.append("内容" + "、".join(runs))
    described = ""
    if nearest is not None:
        but = _missing(question, nearest, mismatch)
        described = f"最接近的文章是{_describe(nearest.article)}，{but}，未据此作答。"
    return Refusal(reason, _NOTHING, f"查找范围：{'；'.join(wanted)}。" if wanted else "", described)


def _missing(question: Question, nearest: Evidence, mismatch: Mismatch | None) -> str:
    """Say why the nearest article does not answer: of whom or when it speaks instead."""
    if mismatch is Mismatch.REGION:
        asked = "、".join(region.full_name for region in question.regions)
        spoken = nearest.article.region
        return f"但{mismatch.value}：" + (f"说的是{spoken}，不是{asked}" if spoken else f"没有说到{asked}")
    if mismatch is Mismatch.YEAR:
        asked = "、".join(f"{year}年" for year in sorted(asked_years(question)))
        spoken = "、".join(f"{year}年" for year in sorted(_years(nearest))[:_YEARS_NAMED])
        return f"但{mismatch.value}：" + (f"说的是{spoken}，不是{asked}" if spoken else f"没有说到{asked}")
    if mismatch is Mismatch.BODY:
        return f"但{mismatch.value}：没有说到{'、'.join(sorted(question.issuers))}等单位发布的内容"
    if mismatch is Mismatch.INDICATOR:
        return f"但{mismatch.value}：其中的数字不是所问的那一项"
    return "但没有写明所问的内容"


def _years(nearest: Evidence) -> frozenset[int]:
    """Return the years that a sentence speaks of, else that of its article."""
    published = nearest.article.published
    return nearest.years or frozenset([published.year] if published else [])


def _describe(article: Article) -> str:
    about = [
        part for part in (article.region, article.published.isoformat() if article.published else "") if part
    ]
    return f"《{article.title or article.id}》" + (f"（{'，'.join(about)}）" if about else "")
