#!/bin/sh
# Sees that Debian's Chromium (and an emoji font, so that pictures look as on a phone) is there for
# the browser tests. Without Chromium they are skipped, aloud; with CI=true that is a failure.
set -eu
chromium=/usr/bin/chromium
emoji=/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf
[ -x "$chromium" ] && [ -e "$emoji" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests …" >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends \
        chromium fonts-dejavu-core fonts-noto-color-emoji; } >/dev/null || true
fi
[ -x "$chromium" ] && exit 0
echo "!!! NO BROWSER: $chromium is missing and cannot be installed from here. !!!" >&2
if [ "${CI:-}" = true ]; then
    echo "!!! With CI=true the browser tests may not be skipped. !!!" >&2
    exit 1
fi
echo "!!! The browser tests will be SKIPPED. As root: apt-get install chromium !!!" >&2
