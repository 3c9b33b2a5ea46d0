"""What a language model is told: text files in Chinese, filled in by `render`."""

from importlib import resources
from string import Template


def render(name: str, **variables: str) -> str:
    """Return prompt `name` (the stem of a .txt file beside this one) with its $variables filled in.

    Raises FileNotFoundError for an unknown name and KeyError for a variable that is not given.
    """
    text = resources.files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(variables)
