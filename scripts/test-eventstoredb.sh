#!/bin/sh
# Runs the suites that take KEYFOLD_EVENTSTOREDB_URL against a real server in a container, and stops it again.
#
#   scripts/test-eventstoredb.sh [single|cluster]     (single where it is left out)
#
# Exit codes: that of the suites; 2 wrong usage; 3 the server did not become healthy; 77 SKIPPED: no Docker here.
set -eu

mode=${1:-single}
wait_seconds=${KEYFOLD_EVENTSTOREDB_WAIT:-180}
cd "$(dirname "$0")/.."

case $mode in
  single)
    services=eventstoredb
    url='esdb://localhost:2113?tls=false'
    ;;
  cluster)
    services='node1 node2 node3'
    url='esdb://localhost:2121,localhost:2122,localhost:2123?tls=false'
    ;;
  *)
    echo "usage: $0 [single|cluster]" >&2
    exit 2
    ;;
esac

compose() {
  docker compose --profile cluster "$@"
}

if ! command -v docker >/dev/null 2>&1 || ! docker compose version >/dev/null 2>&1 || ! docker info >/dev/null 2>&1; then
  echo '****************************************************************************' >&2
  echo '*  SKIPPED: Docker is not available. NOTHING ran against a real server.    *' >&2
  echo '*  The same suites run over the in-process stand-in with: npm test         *' >&2
  echo '****************************************************************************' >&2
  exit 77
fi

suites=''
stop() {
  if [ -n "$suites" ]; then
    kill "$suites" 2>/dev/null || true
  fi
  compose down --volumes --remove-orphans >/dev/null 2>&1 || true
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --wait follows the health checks of docker-compose.yml
# shellcheck disable=SC2086
if ! compose up --detach --wait --wait-timeout "$wait_seconds" $services; then
  echo "the server did not become healthy within $wait_seconds s" >&2
  compose logs --tail 50 >&2 || true
  exit 3
fi

# in the background, so that a signal is heard at once and not after the last suite
KEYFOLD_EVENTSTOREDB_URL=$url npx vitest run \
  test/contract/eventstoredb.test.ts \
  test/conformance/eventstoredb.test.ts \
  test/load \
  test/subscriptions/any-server.test.ts &
suites=$!
code=0
wait "$suites" || code=$?
suites=''
exit "$code"
