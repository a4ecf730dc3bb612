#!/bin/sh
# Compiles sources and templates beside themselves, for a service that may not write there.
# Usage: sh scripts/compile.sh, after an installation and after each upgrade.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
unset PYTHONDONTWRITEBYTECODE
"$python" -m compileall -q bot handlers storage procedure
"$python" -c 'from bot.render import compile_all; compile_all()'
