#!/bin/sh
# Sees that LibreOffice is there to open what the register writes out. Without it those tests are
# skipped, aloud; with CI=true that is a failure.
set -eu
command -v soffice >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing LibreOffice for the tests of workbooks …" >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends \
        libreoffice-calc-nogui; } >/dev/null || true
fi
command -v soffice >/dev/null 2>&1 && exit 0
echo "!!! NO LIBREOFFICE: soffice is missing and cannot be installed from here. !!!" >&2
if [ "${CI:-}" = true ]; then
    echo "!!! With CI=true its tests may not be skipped. !!!" >&2
    exit 1
fi
echo "!!! The tests of workbooks in LibreOffice will be SKIPPED. As root: apt-get install libreoffice-calc-nogui !!!" >&2
