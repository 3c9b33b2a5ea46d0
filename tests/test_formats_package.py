import io
import zipfile

import pytest

import index.formats.package
from index.formats.document import UnreadableError
from index.formats.package import Package, attribute, local

RELATIONS = (
    '<Relationships xmlns="r"><Relationship Id="a" Type="x/officeDocument" Target="word/document.xml"/>'
    '<Relationship Id="b" Type="x/hyperlink" Target="http://a.example" TargetMode="External"/>'
    "</Relationships>"
)


def packed(**parts: str | bytes) -> bytes:
    """A package of parts by name, with `_` for `/` and the relations of the whole."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("_rels/.rels", RELATIONS)
        for name, content in parts.items():
            out.writestr(name.replace("_", "/") + ".xml", content)
    return stream.getvalue()


def test_parts_are_found_by_their_relations_whatever_the_case_of_their_name() -> None:
    package = Package(packed(Word_document="<d a='1'/>"), ".docx")
    assert package.main() == "word/document.xml"
    assert package.relations("") == {"a": ("officeDocument", "word/document.xml")}
    root = package.xml(package.main())
    assert root is not None
    assert (local(root), attribute(root, "a"), attribute(root, "b")) == ("d", "1", "")


def test_targets_stay_within_the_package() -> None:
    relations = '<R><r Id="a" Type="x/styles" Target="../../../../etc/passwd"/></R>'
    stream = io.BytesIO(packed())
    with zipfile.ZipFile(stream, "a") as out:
        out.writestr("word/_rels/document.xml.rels", relations)
    package = Package(stream.getvalue(), ".docx")
    assert package.relations("word/document.xml") == {"a": ("styles", "etc/passwd")}
    assert package.related("word/document.xml", "styles") is None


def test_a_part_that_is_not_there_is_none() -> None:
    package = Package(packed(), ".docx")
    assert package.read("word/document.xml") is None
    assert package.xml("word/document.xml") is None
    assert package.relations("word/document.xml") == {}


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "<a>".encode("utf-16"),
        "<a><b></a>",
        "",
    ],
)
def test_markup_that_could_expand_or_is_not_whole_is_refused(content: str | bytes) -> None:
    with pytest.raises(UnreadableError, match="；请"):
        Package(packed(a=content), ".docx").xml("a.xml")


def test_parts_are_bounded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    package = Package(packed(a="<a>" + "b" * 600 + "</a>", c="<c>" + "d" * 600 + "</c>"), ".docx")
    monkeypatch.setattr(package, "_left", 1_000)
    assert package.read("a.xml")
    with pytest.raises(UnreadableError, match="拆分"):
        package.read("c.xml")
    assert index.formats.package.MAX_BYTES > 1_000
