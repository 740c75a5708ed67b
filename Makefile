# Everything starts from Python 3.11 alone: the first target called makes the virtual environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test check bench lock freeze clean

run: $(READY)
	$(BIN)/firstline --demo

test: $(READY)
	QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(BIN)/pytest $(TESTS)

check: $(READY)
	$(BIN)/ruff check app tests installer
	$(BIN)/ruff format --check app tests installer
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(BIN)/python -m tests.benchmarks $(BENCH)

freeze: $(READY)
	$(BIN)/pyinstaller --noconfirm --distpath dist --workpath build/freeze installer/firstline.spec

lock: $(READY)
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet --output-file requirements.lock

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

clean:
	rm -rf $(VENV) build dist
