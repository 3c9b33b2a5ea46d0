"""Prompts: every template renders, a missing variable is an error, values are not read as templates."""

from importlib import resources
from string import Template

import pytest

from prompts import render

NAMES = sorted(
    path.name.removesuffix(".txt")
    for path in resources.files("prompts").iterdir()
    if path.name.endswith(".txt")
)


def _variables(name: str) -> list[str]:
    text = resources.files("prompts").joinpath(f"{name}.txt").read_text(encoding="utf-8")
    assert Template(text).is_valid()
    return Template(text).get_identifiers()


def test_there_are_prompts() -> None:
    assert {"system", "answer"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_is_filled_in(name: str) -> None:
    values = {variable: f"〈{variable}的值〉" for variable in _variables(name)}
    rendered = render(name, **values)
    assert all(value in rendered for value in values.values())
    assert "$" not in rendered


@pytest.mark.parametrize(
    ("name", "variable"), [(name, variable) for name in NAMES for variable in _variables(name)]
)
def test_a_missing_variable_is_an_error(name: str, variable: str) -> None:
    values = dict.fromkeys(_variables(name), "值")
    del values[variable]
    with pytest.raises(KeyError, match=variable):
        render(name, **values)


def test_an_unknown_prompt_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        render("unknown")


@pytest.mark.parametrize("value", ["$question", "${evidence}", "$", "$$ 100元"])
def test_a_value_is_not_a_template(value: str) -> None:
    assert value in render("answer", evidence="资料", question=value)
