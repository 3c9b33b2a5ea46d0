# 常用命令；没有 make 的系统见 README「不用 make」。
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STORE := build/sample-store
SAMPLE := eval/data/articles
QUESTION := 天津市累计有多少家智能工厂和数字化车间？

.PHONY: run test test-slow lint format bundle clean

run: $(VENV)/installed
	$(BIN)/wence index $(SAMPLE) --store $(STORE)
	$(BIN)/wence ask "$(QUESTION)" --store $(STORE)
	$(BIN)/wence serve --store $(STORE)

test: $(VENV)/installed-dev
	$(BIN)/pytest -m "not slow"

test-slow: $(VENV)/installed-dev
	$(BIN)/pytest -m slow

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bundle: $(VENV)/installed-dev
	$(BIN)/python bundle.py

# pip itself installs torch: other installers choose another build.
$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,milvus]'
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
