#!/bin/sh
# Makes node_modules hold what package-lock.json names (axe-core, which judges the pages in the
# browser tests), by hash; does nothing when it already does. Without npm those tests are skipped,
# aloud; with CI=true that is a failure.
set -eu
cd "$(dirname "$0")/.."
lock=package-lock.json
mark=node_modules/.$lock.cksum
[ -e node_modules/axe-core/axe.min.js ] && [ "$(cat "$mark" 2>/dev/null)" = "$(cksum <$lock)" ] &&
    exit 0

stop() {
    echo "!!! NO AXE: $1 The axe tests are SKIPPED; with CI=true they may not be. !!!" >&2
    [ "${CI:-}" != true ]
    exit
}

if ! command -v npm >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing npm for the browser tests …" >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends nodejs npm; } \
        >/dev/null || true
fi
command -v npm >/dev/null 2>&1 || stop "npm is missing; as root: apt-get install nodejs npm."
npm ci --ignore-scripts --no-audit --no-fund --silent || stop "npm ci could not fill node_modules."
cksum <$lock >"$mark"
