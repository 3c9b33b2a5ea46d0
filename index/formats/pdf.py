"""PDF: the text layer as paragraphs and tables, with the place where each page begins."""

import ctypes
import math
from collections.abc import Iterator, Sequence
from itertools import groupby, islice, pairwise
from typing import TYPE_CHECKING

from index.formats.document import Document, UnreadableError
from index.formats.layout import ALONE, Glyph, Line, Page, Table, in_order, join, lines
from index.formats.properties import plausible_title
from index.formats.reflow import reflow
from index.formats.rulings import MAX_RULINGS, Grid, Ruling, grids, ruling
from index.formats.tables import Cells, fill_merged

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfMatrix, PdfObject, PdfPage

MAX_PAGES = 5_000
MAX_CHARACTERS = 20_000_000
"""Of all pages together."""

_HEADER = b"%PDF-"
_HEADER_WITHIN = 1024
_HYPHEN = 2
"""What the library makes of a hyphen at the end of a line."""
_ANGLES = 0.1
"""Radians by which a character may differ from a quarter turn: a watermark does more."""
_UNREADABLE_SHARE = 0.3
_THIN = 15
"""Characters a page below which a file of pictures has no text of its own."""
_FORM_DEPTH = 5
_FLAT = 0.1
_FAR = 100_000
"""Points from the corner of a page, where nothing can be seen."""


def read_pdf(data: bytes) -> Document:
    """The text of a PDF file and where its pages begin; raises UnreadableError where it has none."""
    import pypdfium2
    import pypdfium2.raw

    if _HEADER not in data[:_HEADER_WITHIN]:
        raise UnreadableError("不是 PDF 文件；请检查内容")
    try:
        with pypdfium2.PdfDocument(data) as document:
            return _read(document)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY):
            raise UnreadableError("PDF 文件加了密码；请去掉密码后另存") from None
        raise UnreadableError("PDF 文件已损坏；请用 PDF 阅读器打开后另存") from None


def _read(document: "PdfDocument") -> Document:
    if len(document) > MAX_PAGES:
        raise UnreadableError(f"PDF 文件超过 {MAX_PAGES} 页；请拆分后再索引")
    pages: list[Page] = []
    found = strange = 0
    pictures = False
    for page in document:
        glyphs, unmapped = _glyphs(page)
        found += sum(not glyph.text.isspace() for quarter in glyphs.values() for glyph in quarter)
        strange += unmapped
        if found + strange > MAX_CHARACTERS:
            raise UnreadableError(f"PDF 文件超过 {MAX_CHARACTERS // 10_000} 万字；请拆分后再索引")
        pictures = pictures or (found < _THIN * len(document) and _has_picture(page))
        pages.append(_page(page, glyphs))
        page.close()
    if strange > _UNREADABLE_SHARE * (found + strange):
        raise UnreadableError("PDF 的字体没有文字对照，取出的是乱码；请先识别文字（OCR）再索引")
    text, starts = reflow(pages)
    if not text.strip() or (pictures and found < _THIN * len(pages)):
        raise UnreadableError("扫描件，没有文字层；请先识别文字（OCR）再索引")
    return Document(text, title=plausible_title(document.get_metadata_value("Title"), text), pages=starts)


def _glyphs(page: "PdfPage") -> tuple[dict[int, list[Glyph]], int]:
    """The characters of a page in the file's order, by the quarter turns of their line.

    Places are as PDF counts them. Also how many say nothing because their font does not tell what they mean.
    """
    import pypdfium2.raw as raw

    _show(page)
    textpage = page.get_textpage()
    box = raw.FS_RECTF()
    place = ctypes.byref(box)
    quarters: dict[int, list[Glyph]] = {}
    unmapped = 0
    high = ""
    for number in range(min(raw.FPDFText_CountChars(textpage), MAX_CHARACTERS)):
        if raw.FPDFText_IsGenerated(textpage, number) == 1:
            continue
        code = raw.FPDFText_GetUnicode(textpage, number)
        if raw.FPDFText_HasUnicodeMapError(textpage, number) == 1 or _says_nothing(code):
            unmapped += 1
            continue
        if 0xD800 <= code < 0xDC00:  # the first half of a character
            high = chr(code)
            continue
        character = (
            "-"
            if code == 2
            else (high + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
        )
        high = ""
        angle = raw.FPDFText_GetCharAngle(textpage, number) / (math.pi / 2)
        if not character or abs(angle - round(angle)) > _ANGLES:
            continue
        if raw.FPDFText_GetLooseCharBox(textpage, number, place):
            corners = box.left, box.right, box.bottom, box.top
            if not all(-_FAR < corner < _FAR for corner in corners):
                continue
            quarters.setdefault(-round(angle) % 4, []).append(Glyph(character, *corners))
    textpage.close()
    if _is_vertical(quarters.get(0, [])):  # downwards, from right to left: a page turned once to the right
        quarters.setdefault(3, []).extend(quarters.pop(0))
    return quarters, unmapped


def _is_vertical(glyphs: Sequence[Glyph]) -> bool:
    """Whether most characters stand right below the one before."""
    below = beside = 0
    for glyph, after in pairwise(glyphs):
        width, height = glyph.x1 - glyph.x0, glyph.bottom - glyph.top
        across, down = after.x0 - glyph.x0, after.top - glyph.top
        below += abs(across) < width / 4 and -2 * height < down < -height / 2
        beside += abs(down) < height / 4 and across > 0
    return below > beside


def _show(page: "PdfPage") -> None:
    """Give an outline to text whose font is neither in the file nor on this machine.

    The library passes over what has no width, and without its font such text has none.
    """
    import pypdfium2.raw as raw

    for shown in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=_FORM_DEPTH):
        left, bottom, right, top = shown.get_bounds()
        if min(right - left, top - bottom) < _FLAT:
            raw.FPDFTextObj_SetTextRenderMode(shown, raw.FPDF_TEXTRENDERMODE_STROKE)
            raw.FPDFPageObj_SetStrokeWidth(shown, 1)
            raw.FPDFPageObj_Transform(shown, 1, 0, 0, 1, 0, 0)  # to measure it again


def _says_nothing(code: int) -> bool:
    if code < 32:
        return code not in (_HYPHEN, 9, 10, 13)
    return 0xE000 <= code < 0xF900 or 0xFFFD <= code <= 0xFFFF or code >= 0xF0000


def _has_picture(page: "PdfPage") -> bool:
    import pypdfium2.raw as raw

    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_FORM_DEPTH))


class _Turn:
    """Places of PDF, which count upwards, turned by a quarter of a circle so that lines run to the right."""

    def __init__(self, quarter: int, frame: tuple[float, float, float, float]) -> None:
        self._cos, self._sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[quarter]
        self._left = self._top = 0.0
        self._left, self._top, self.width, self.height = self.box(*frame)
        self.width = max(1.0, self.width - self._left)
        self.height = max(1.0, self.height - self._top)

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what reaches from one corner to another."""
        across = [x * self._cos + y * self._sin - self._left for x, y in ((x0, y0), (x1, y1))]
        down = [x * self._sin - y * self._cos - self._top for x, y in ((x0, y0), (x1, y1))]
        return min(across), min(down), max(across), max(down)

    def glyph(self, glyph: Glyph) -> Glyph:
        """The character at its place after the turn."""
        x0, top, x1, bottom = self.box(glyph.x0, glyph.top, glyph.x1, glyph.bottom)
        return Glyph(glyph.text, x0, x1, top, bottom)


def _page(page: "PdfPage", quarters: dict[int, list[Glyph]]) -> Page:
    """The page turned so that most of its lines are level; what runs across them comes last."""
    main = max(quarters, key=lambda quarter: len(quarters[quarter]), default=0)
    turn = _Turn(main, page.get_bbox())
    glyphs = [turn.glyph(glyph) for glyph in quarters.get(main, [])]
    tables = grids(list(islice(_rulings(page, turn), MAX_RULINGS + 1)))
    items = in_order(list(_items(glyphs, tables)))
    for quarter, across in quarters.items():
        if quarter != main:
            other = _Turn(quarter, page.get_bbox())
            for line in lines([other.glyph(glyph) for glyph in across]):
                items.append(Line(line.text, 0, 0, turn.height, turn.height, ALONE))
    return Page(turn.width, turn.height, items)


def _items(glyphs: Sequence[Glyph], tables: Sequence[Grid]) -> Iterator[Line | Table]:
    """The lines and the tables, each where its first character is."""
    places = [_grid_of(glyph, tables) for glyph in glyphs]
    made = [
        _table(grid, [glyph for glyph, place in zip(glyphs, places, strict=True) if place == number])
        for number, grid in enumerate(tables)
    ]
    shown: set[int] = set()
    for place, group in groupby(range(len(glyphs)), key=lambda number: places[number]):
        table = made[place] if place >= 0 else None
        if table is None:
            yield from lines([glyphs[number] for number in group])
        elif place not in shown:
            shown.add(place)
            yield table


def _grid_of(glyph: Glyph, tables: Sequence[Grid]) -> int:
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return next((number for number, grid in enumerate(tables) if grid.cell(x, y)), -1)


def _table(grid: Grid, glyphs: Sequence[Glyph]) -> Table | None:
    """The table that characters form in a grid; None where they fill a single column."""
    inside: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        if place := grid.cell((glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2):
            inside.setdefault(place, []).append(glyph)
    cells: Cells = {row: {} for row in range(len(grid.ys) - 1)}
    for (row, column), content in inside.items():
        text = ""
        for item in in_order(list(lines(content))):
            text = join(text, item.text) if isinstance(item, Line) else text
        if text:
            cells[row][column] = text
    if len({column for row in cells.values() for column in row}) < 2:
        return None
    fill_merged(cells, grid.merged)
    columns = sorted({column for row in cells.values() for column in row})
    rows = [[row.get(column, "") for column in columns] for row in cells.values() if row]
    return Table(rows, grid.xs, grid.ys[0], grid.ys[-1])


def _rulings(page: "PdfPage", turn: _Turn) -> Iterator[Ruling]:
    import pypdfium2.raw as raw

    x, y = ctypes.c_float(), ctypes.c_float()
    for path in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=_FORM_DEPTH):
        matrices = list(_matrices(path))
        first = last = None
        for number in range(min(raw.FPDFPath_CountSegments(path), MAX_RULINGS)):
            segment = raw.FPDFPath_GetPathSegment(path, number)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            point = x.value, y.value
            for matrix in matrices:
                point = matrix.on_point(*point)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                first = point
            elif kind == raw.FPDF_SEGMENT_LINETO and last and (found := ruling(*turn.box(*last, *point))):
                yield found
            if (
                raw.FPDFPathSegment_GetClose(segment)
                and first
                and (found := ruling(*turn.box(*point, *first)))
            ):
                yield found
            last = point


def _matrices(path: "PdfObject") -> Iterator["PdfMatrix"]:
    """How the points of a path become places on the page, innermost first."""
    holder: PdfObject | None = path
    while holder:
        yield holder.get_matrix()
        holder = holder.container
