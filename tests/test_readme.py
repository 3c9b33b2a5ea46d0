"""The READMEs: their Python runs, their terminal shows what it shows, and their tree is the tree."""

import ast
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Self

import pytest

from qa.cli import main

ROOT = Path(__file__).parent.parent
READMES = ["README.md", "README.en.md"]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _blocks(name: str, language: str) -> list[str]:
    blocks = _BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))
    return [code for found, code in blocks if found == language]


def _phrase(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0].removesuffix(".")


@pytest.fixture
def project(tmp_path: Path, sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder that looks like the project after `make run`."""
    shutil.copytree(sample_store, tmp_path / "build" / "sample-store")
    shutil.copytree(ROOT / "eval" / "data" / "articles", tmp_path / "eval" / "data" / "articles")
    monkeypatch.chdir(tmp_path)

    class Day(date):
        @classmethod
        def today(cls) -> Self:
            return cls(2026, 11, 25)

    # How old an answer is depends on the day on which it is asked.
    monkeypatch.setattr("qa.engine.date", Day)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("name", READMES)
def test_python_runs_as_it_stands(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = _blocks(name, "python")
    assert blocks
    for code in blocks:
        exec(compile(code, name, "exec"), {})
        assert "350家" in capsys.readouterr().out


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("name", READMES)
def test_the_terminal_shows_what_the_command_prints(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = _blocks(name, "console")
    assert blocks
    for block in blocks:
        command, _, shown = block.partition("\n")
        asked = re.fullmatch(r'\$ wence ask "(.+)" --store build/sample-store', command)
        assert asked, command
        main(["ask", asked[1], "--store", "build/sample-store"])
        assert shown == capsys.readouterr().out


def test_the_question_of_make_run_is_the_one_that_is_shown() -> None:
    question = re.findall(
        r"^QUESTION := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(question) == 1
    for name in (*READMES, ".ci/bundle/install.py"):
        assert question[0] in (ROOT / name).read_text(encoding="utf-8"), name


def test_the_tree_names_every_module_with_its_phrase() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    shown = {" ".join(line.split()) for line in lines}
    expected: list[str] = []
    for package in ("index", "prompts", "qa", "eval"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = f"{path.parent.name}/" if path.name == "__init__.py" else path.name
            if phrase := _phrase(path):
                expected.append(f"{name} {phrase}")
    assert [line for line in expected if line not in shown] == []


@pytest.mark.parametrize("name", READMES)
def test_what_is_linked_and_made_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
    commands = " ".join(re.findall(r"^make .*|`[^`\n]*`", text, re.MULTILINE))
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"\bmake ([a-z-]+)", commands)) <= set(targets)
