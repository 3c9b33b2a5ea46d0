"""The tree keeps its shape: imports flow one way, light commands stay light, nothing is unpickled."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "index": {"index"},
    "prompts": {"prompts"},
    "qa": {"qa", "index", "prompts"},
    "eval": {"eval", "qa", "index"},
}
"""What each package may import of the project."""
TOP = {Path("qa/cli.py"), *(path.relative_to(ROOT) for path in (ROOT / "qa" / "web").glob("*.py"))}
"""The command line and the page may also import eval, inside functions."""


def _modules() -> list[Path]:
    return sorted(path.relative_to(ROOT) for name in ALLOWED for path in (ROOT / name).rglob("*.py"))


def _imports(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("path", _modules(), ids=str)
def test_imports_flow_one_way(path: Path) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    allowed = ALLOWED[path.parts[0]] | ({"eval"} if path in TOP else set())
    assert _imports(tree) & set(ALLOWED) <= allowed
    if path in TOP:
        at_import = ast.Module([n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)], [])
        assert "eval" not in _imports(at_import)


@pytest.mark.parametrize("path", _modules(), ids=str)
def test_nothing_is_unpickled(path: Path) -> None:
    assert not _imports(ast.parse((ROOT / path).read_text(encoding="utf-8"))) & {"pickle", "joblib", "shelve"}


@pytest.mark.parametrize("path", _modules(), ids=str)
def test_every_module_says_what_it_is(path: Path) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    assert not source or ast.get_docstring(ast.parse(source))


@pytest.mark.parametrize("statement", ["import qa", "import qa.cli", "import eval"])
def test_importing_loads_nothing_heavy(statement: str) -> None:
    heavy = {
        "torch",
        "gradio",
        "transformers",
        "sentence_transformers",
        "faiss",
        "onnxruntime",
        "tantivy",
        "opencc",
        "pymilvus",
    }
    check = (
        f"import sys; {statement}; found = {heavy} & set(sys.modules); sys.exit(str(found) if found else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_public_names_are_few_and_exist() -> None:
    import qa

    assert all(hasattr(qa, name) for name in qa.__all__)
    assert len(qa.__all__) <= 24
