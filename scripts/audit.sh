#!/bin/sh
# Looks for known flaws: bandit in our code, pip-audit in what the locks install.
# Not part of `make test`: it asks the network, and says so aloud when the network does not answer.
set -u
cd "$(dirname "$0")/.."
wrong=0

.venv/bin/python -m bandit --quiet --recursive --configfile pyproject.toml \
    bot handlers storage procedure || wrong=1

for lock in requirements.lock requirements-dev.lock; do
    # --strict: what could not be asked about is a failure, never a silent pass.
    if ! .venv/bin/python -m pip_audit --strict --disable-pip --require-hashes \
        --progress-spinner off --requirement "$lock"; then
        echo "AUDIT NOT PASSED: $lock has a known flaw, or could not be asked about (see above)." >&2
        wrong=1
    fi
done
exit $wrong
