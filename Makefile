# 常用命令。没有 make 的系统见 README「不用 make」。
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
STORE := build/sample-store
SAMPLE := eval/data/articles
QUESTION := 天津市累计有多少家智能工厂和数字化车间？
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
BUNDLE := wence-$(VERSION)-offline

.PHONY: run test test-slow fuzz lint format figures bundle clean

run: $(VENV)/installed
	$(BIN)/wence index $(SAMPLE) --store $(STORE)
	$(BIN)/wence ask "$(QUESTION)" --store $(STORE)
	$(BIN)/wence serve --store $(STORE)

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m "not slow"

test-slow: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m slow

# The readers of files against damaged ones, for some minutes.
fuzz: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m slow tests/test_fuzz.py
	$(PIP) install --quiet --constraint constraints.txt atheris
	for kind in csv docx html mhtml xlsx text; do \
		$(BIN)/python -m tests.coverage_fuzz $$kind -max_total_time=60 -max_len=4000 -rss_limit_mb=0 || exit 1; \
	done

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The README's table of what the sample questions came to.
figures: $(VENV)/installed
	$(BIN)/python -m eval.readme

# One archive for machines like this one that have no network. setuptools would pack what an earlier
# build left in build/lib.
bundle: $(VENV)/installed
	rm -rf build/lib build/$(BUNDLE)
	mkdir -p build/$(BUNDLE) dist
	$(PIP) wheel --quiet --constraint constraints.txt --wheel-dir build/$(BUNDLE)/wheels .
	$(BIN)/python .ci/bundle/install.py --target > build/$(BUNDLE)/platform.txt
	cp .ci/bundle/install.* constraints.txt LICENSE NOTICE README.md build/$(BUNDLE)/
	cp -R $(SAMPLE) build/$(BUNDLE)/sample
	tar -C build -czf dist/$(BUNDLE).tar.gz $(BUNDLE)
	rm -rf build/$(BUNDLE)
	@ls -lh dist/$(BUNDLE).tar.gz

# pip itself installs torch: other installers choose another build.
$(VENV)/installed: pyproject.toml constraints.txt
	@echo "正在建立 $(VENV)，首次要下载软件包，需要几分钟……"
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev,milvus,langchain,llama-index]'
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
