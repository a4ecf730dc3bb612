#!/bin/sh
# Runs the bot against the local Telegram server of the tests: chat at http://127.0.0.1:9100/.
# Ctrl-C, or the end of either, ends both.
set -eu
cd "$(dirname "$0")/.."
port=${TELEGRAM_PORT:-9100}
token=${BOT_TELEGRAM_TOKEN:-123456:TEST}
address=http://127.0.0.1:$port
server= bot=

end() {
    trap - INT TERM EXIT
    kill $bot $server 2>/dev/null || true
    wait
}
trap 'end; exit 0' INT TERM
trap end EXIT

.venv/bin/python -m tests.botapi --port "$port" --token "$token" \
    --user 1001:An --user 1002:Chi --user 1003:Minh &
server=$!
answers() { # $1 address, $2 process: waits until it answers; fails when the process has ended
    .venv/bin/python - "$1" "$2" <<'WAIT'
import os, sys, time, urllib.request

address, process = sys.argv[1], int(sys.argv[2])
for _ in range(300):
    try:
        urllib.request.urlopen(address, timeout=1).close()
        sys.exit(0)
    except OSError:
        time.sleep(0.1)
    os.kill(process, 0)
sys.exit(f"{address} does not answer.")
WAIT
}

answers "$address/" "$server"

BOT_TELEGRAM_API_URL=$address/bot BOT_TELEGRAM_FILE_URL=$address/file/bot \
    BOT_TELEGRAM_TOKEN=$token .venv/bin/python -m bot run &
bot=$!
answers "http://127.0.0.1:${BOT_PORT:-8080}/healthz" "$bot"
echo "Links for the clerk, the chairman and the duty officer: in the chat of a user at $address"
echo "type /start and what stands behind \"start=\"."
for person in 1 3 2; do
    .venv/bin/python -m bot invite "$person"
done
while kill -0 "$server" 2>/dev/null && kill -0 "$bot" 2>/dev/null; do
    sleep 1
done
exit 1
