"""Fuzzing led by coverage (atheris): what a reader of a format makes of bytes, and cleaning of a text.

    python -m tests.coverage_fuzz docx -max_total_time=60

Run by `make fuzz`, where atheris can be installed. It begins with a whole file; what stands behind the format
goes to libFuzzer.
"""

import io
import random
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import atheris

from tests.generated import article
from tests.writing_files import forms

with atheris.instrument_imports(include=["index"]):
    from index.cleaning import find_edits
    from index.formats.csv import read_csv
    from index.formats.document import UnreadableError
    from index.formats.docx import read_docx
    from index.formats.html import read_html
    from index.formats.mhtml import read_mhtml
    from index.formats.xlsx import read_xlsx

INNER = {"docx": "word/document.xml", "xlsx": "xl/worksheets/sheet1.xml"}
"""The part of a package that is made up; the rest is whole, else nothing would get beyond the zip."""
READERS: dict[str, Callable[[bytes], object]] = {
    "csv": read_csv,
    "docx": read_docx,
    "html": read_html,
    "mhtml": read_mhtml,
    "xlsx": read_xlsx,
    "text": lambda data: find_edits(data.decode("utf-8", "replace")),
}


def whole_file(kind: str) -> bytes:
    """Return a whole file of a format."""
    dice = random.Random(1)
    form = next(form for form in forms() if form.suffix == f".{kind}")
    return form.write(article(dice, 3, odd=form.odd), dice)


def main() -> None:
    """Fuzz the reader that the first argument names."""
    kind = sys.argv.pop(1)
    read, inner = READERS[kind], INNER.get(kind)
    package = zipfile.ZipFile(io.BytesIO(whole_file(kind))) if inner else None

    def one(data: bytes) -> None:
        if package is not None:
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w") as made:
                for name in package.namelist():
                    made.writestr(name, data if name == inner else package.read(name))
            data = buffer.getvalue()
        try:
            read(data)
        except UnreadableError:
            return

    with tempfile.TemporaryDirectory() as corpus:
        begun = package.read(inner) if package and inner else whole_file("txt" if kind == "text" else kind)
        Path(corpus, "whole").write_bytes(begun)
        atheris.Setup([*sys.argv, corpus], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
