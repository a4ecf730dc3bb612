#!/bin/sh
# Sees that LibreOffice is there to open what the register writes out.
set -eu
command -v soffice >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing LibreOffice …" >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends \
        libreoffice-calc-nogui; } >/dev/null || true
fi
command -v soffice >/dev/null 2>&1 && exit 0
echo "!!! NO LIBREOFFICE: as root, apt-get install libreoffice-calc-nogui !!!" >&2
exit 1
