"""Installs Wence into `venv` beside this file from the wheels beside it, without any network."""

import platform
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
QUESTION = "天津市累计有多少家智能工厂和数字化车间？"


def main() -> int:
    """Install, index the sample articles, ask one question; return the exit code."""
    needed = (HERE / "platform.txt").read_text(encoding="utf-8").strip()
    if needed != target():
        say(f"这个离线包适用于 {needed}，这里是 {target()}：请换用相符的 Python，或在同样的机器上重新打包")
        return 2
    folder = HERE / "venv"
    say(f"正在安装到 {folder} ……")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if platform.system() == "Windows" else "bin")
    wence, store = str(programs / "wence"), str(HERE / "sample-store")
    pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-index", "--find-links", str(HERE / "wheels")]
    for command in (
        [*pip, *offline, "--constraint", str(HERE / "constraints.txt"), "wence"],
        [wence, "index", str(HERE / "sample"), "--store", store],
        [wence, "ask", QUESTION, "--store", store],
    ):
        code = subprocess.run(command, check=False).returncode  # noqa: S603 - these commands
        if code:
            say(f"安装没有完成，这一步失败了：{' '.join(command)}")
            return code
    say(f'\n安装完成。打开问答网页：\n  "{wence}" serve --store "{store}"')
    say(f'索引自己的文章：\n  "{wence}" index 文章目录 --store 索引目录')
    return 0


def target() -> str:
    """Return what the wheels depend on: the version of Python, the system, the processor."""
    return f"Python {'.'.join(platform.python_version_tuple()[:2])} {platform.system()} {platform.machine()}"


def say(text: str) -> None:
    """Show a line at once, before what the next command prints."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:] == ["--target"]:  # asked while the archive is made
        say(target())
    else:
        sys.exit(main())
