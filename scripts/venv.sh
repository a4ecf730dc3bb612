#!/bin/sh
# Makes .venv hold what a lock names, by hash; does nothing when it already does.
# Usage: sh scripts/venv.sh requirements.lock [requirements-dev.lock …]; PYTHON chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

stop() {
    echo "$1" >&2
    exit 1
}

fits() { # $1 lock: .venv works and was filled from exactly this lock
    [ -x .venv/bin/python ] && [ "$(cat ".venv/$1.cksum" 2>/dev/null)" = "$(cksum <"$1")" ]
}

make_venv() {
    command -v "$python" >/dev/null 2>&1 ||
        stop "No '$python' here. Python 3.11 or newer is needed; name another one with PYTHON=/path/to/python3."
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "'$python' is $("$python" --version 2>&1), too old. Python 3.11 or newer is needed; name another one with PYTHON=/path/to/python3."
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        stop "'$python' cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv."
    "$python" -m venv --clear .venv
}

# The last lock named is the widest and holds all the others.
fresh=yes
for lock in "$@"; do
    fits "$lock" || fresh=no
done
[ "$fresh" = no ] || exit 0

echo "Setting up .venv from $lock (about half a minute; again only when the lock changes) …" >&2
.venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
rm -f .venv/*.cksum
.venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
    --require-hashes -r "$lock"
for lock in "$@"; do
    cksum <"$lock" >".venv/$lock.cksum"
done
