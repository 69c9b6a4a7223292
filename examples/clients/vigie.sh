#!/bin/sh
# Asks a Vigie sidecar about a post, with curl. Run it: sh vigie.sh "some post"
#
# Without an answer (overloaded, late, away) it is your choice whether the post is shown: curl ends
# with an exit code other than 0 then. Send the same `id` again: it counts once.
set -eu
vigie="${VIGIE_URL:-http://127.0.0.1:8080}"
text=$(printf '%s' "$*" | sed 's/\\/\\\\/g; s/"/\\"/g')
set -- --silent --show-error --fail-with-body --max-time 1 --header "content-type: application/json"
[ -z "${VIGIE_API_KEY:-}" ] || set -- "$@" --header "authorization: Bearer $VIGIE_API_KEY"   # only beyond loopback
curl "$@" --data "{\"id\":\"example-$(date +%s)-$$\",\"text\":\"$text\",\"author\":\"u1\",\"thread\":\"t1\",\"community\":\"c1\"}" \
  "$vigie/v1/decisions"
echo
