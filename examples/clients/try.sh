#!/bin/sh
# Runs every client here against a sidecar of its own: a threat is to be held, small talk allowed.
# Argument: the binary (target/debug/vigie). What isn't installed is named and left out.
set -eu
here=$(dirname "$0")
vigie="${1:-target/debug/vigie}"
state=$(mktemp -d)
export VIGIE_URL=http://127.0.0.1:18380
"$vigie" serve --listen 127.0.0.1:18380 --admin 127.0.0.1:18381 --state "$state" 2> "$state/service.log" &
sidecar=$!
trap 'kill "$sidecar" 2> /dev/null || true; wait "$sidecar" || true; rm -rf "$state"' EXIT

tries=0
until curl --silent --fail --output /dev/null http://127.0.0.1:18381/ready; do
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || { cat "$state/service.log" >&2; exit 1; }
  sleep 0.1
done

failed=0
try() {
  command -v "$1" > /dev/null || { echo "$1 is not installed: left out"; return; }
  for pair in "hold|We know where you live. I will kill you tonight." "allow|Merci pour la recette !"; do
    expected=${pair%%|*}
    answer=$("$1" "$2" "${pair#*|}")
    case "$answer" in
      "$expected" | *"\"action\":\"$expected\""*) echo "$2: $expected" ;;
      *) echo "$2: wanted $expected, got: $answer"; failed=1 ;;
    esac
  done
}
try python3 "$here/vigie.py"
try node "$here/vigie.mjs"
try ruby "$here/vigie.rb"
try php "$here/vigie.php"
try sh "$here/vigie.sh"
exit "$failed"
