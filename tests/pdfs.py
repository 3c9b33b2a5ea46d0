"""Makes PDF files for tests."""

import io
import random
from collections.abc import Callable, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer, Table

SIMPLIFIED, TRADITIONAL = "STSong-Light", "MSung-Light"
__all__ = ["SIMPLIFIED", "TRADITIONAL", "WORDS", "Spacer", "document", "drawn", "grid", "paragraphs", "text"]

WORDS = {
    SIMPLIFIED: "政策 企业 补助 资金 申报 条件 全市 智能 工厂 奖励 应当 规定 部门 管理 办法 材料 300万元 5%",
    TRADITIONAL: "政策 企業 補助 資金 申報 條件 全市 智慧 工廠 獎勵 應當 規定 部門 管理 辦法 材料 300萬元 5%",
}
for name in WORDS:
    pdfmetrics.registerFont(UnicodeCIDFont(name))

MARGIN = 72


def paragraphs(count: int, font: str = SIMPLIFIED, seed: int = 0) -> list[str]:
    """Invented paragraphs, no two alike."""
    dice = random.Random(seed)
    words = WORDS[font].split()

    def sentence() -> str:
        clauses = ("".join(dice.choices(words, k=dice.randint(3, 7))) for _ in range(dice.randint(1, 4)))
        return "，".join(clauses) + "。"

    return ["".join(sentence() for _ in range(dice.randint(2, 6))) for _ in range(count)]


def grid(rows: Sequence[Sequence[str]], *commands: tuple[object, ...], font: str = SIMPLIFIED) -> Table:
    lines = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONTNAME", (0, 0), (-1, -1), font)]
    return Table(rows, colWidths=100, style=[*lines, *commands])


def document(
    flow: Sequence[Flowable],
    *,
    columns: int = 1,
    around: Callable[[Canvas, int], None] = lambda canvas, page: None,
    title: str = "",
) -> bytes:
    """A file in which `flow` runs through columns and pages; `around` draws what stands around it."""
    stream = io.BytesIO()
    width = (A4[0] - 2 * MARGIN - 24 * (columns - 1)) / columns
    frames = [
        Frame(MARGIN + number * (width + 24), MARGIN, width, A4[1] - 2 * MARGIN, 0, 0, 0, 0)
        for number in range(columns)
    ]
    made = BaseDocTemplate(stream, pagesize=A4, title=title, invariant=1)
    made.addPageTemplates(PageTemplate(frames=frames, onPage=lambda canvas, doc: around(canvas, doc.page)))
    made.build(list(flow))
    return stream.getvalue()


def text(*texts: str, font: str = SIMPLIFIED, indent: float = 2, apart: float = 0) -> list[Flowable]:
    """Paragraphs to set, `apart` points from one another."""
    style = ParagraphStyle(
        "body",
        fontName=font,
        fontSize=14,
        leading=24,
        firstLineIndent=indent * 14,
        spaceAfter=apart,
        wordWrap="CJK",
    )
    return [Paragraph(one, style) for one in texts]


def drawn(draw: Callable[[Canvas], None]) -> bytes:
    """A file drawn by hand."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    canvas.setFont(SIMPLIFIED, 14)
    draw(canvas)
    canvas.save()
    return stream.getvalue()
