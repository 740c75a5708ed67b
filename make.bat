@echo off
rem The same as the Makefile, on Windows: make run, make test, make check, make bench, make freeze.
setlocal
set VENV=.venv
set BIN=%VENV%\Scripts
if "%PYTHON%"=="" set PYTHON=py -3.11
cd /d "%~dp0"

rem What is installed is remembered as a copy of the lock: another lock is installed anew.
fc /b requirements.lock %VENV%\.ready >nul 2>&1 || (
    %PYTHON% -m venv %VENV% || exit /b 1
    %BIN%\python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock || exit /b 1
    %BIN%\python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . || exit /b 1
    copy /b /y requirements.lock %VENV%\.ready >nul || exit /b 1
)

if "%1"=="run" (
    %BIN%\firstline --demo
    exit /b
)
if "%1"=="test" (
    if not defined QT_QPA_PLATFORM set QT_QPA_PLATFORM=offscreen
    %BIN%\pytest %TESTS%
    exit /b
)
if "%1"=="check" (
    %BIN%\ruff check app tests installer || exit /b 1
    %BIN%\ruff format --check app tests installer || exit /b 1
    %BIN%\mypy || exit /b 1
    %BIN%\lint-imports
    exit /b
)
if "%1"=="bench" (
    if not defined QT_QPA_PLATFORM set QT_QPA_PLATFORM=offscreen
    %BIN%\python -m tests.benchmarks %BENCH%
    exit /b
)
if "%1"=="freeze" (
    %BIN%\pyinstaller --noconfirm --distpath dist --workpath build\freeze installer\firstline.spec
    exit /b
)
echo Usage: make run ^| test ^| check ^| bench ^| freeze
exit /b 2
