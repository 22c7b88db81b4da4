#!/bin/sh
# Runs the suites that take KEYFOLD_EVENTSTOREDB_URL against a real server in a container, and stops it again.
#
#   scripts/test-eventstoredb.sh [single|cluster]     (single where it is left out)
#
# Exit codes: that of the suites; 2 wrong usage; 3 the server did not become healthy; 77 SKIPPED: no Docker here.
set -eu

mode=${1:-single}
wait_seconds=${KEYFOLD_EVENTSTOREDB_WAIT:-120}
cd "$(dirname "$0")/.."

case $mode in
  single)
    profile=""
    url='esdb://localhost:2113?tls=false'
    ;;
  cluster)
    profile="--profile cluster"
    url=${KEYFOLD_EVENTSTOREDB_CLUSTER_URL:-'esdb://localhost:2111,localhost:2112,localhost:2113?tls=false'}
    ;;
  *)
    echo "usage: $0 [single|cluster]" >&2
    exit 2
    ;;
esac

if ! command -v docker >/dev/null 2>&1 || ! docker compose version >/dev/null 2>&1 || ! docker info >/dev/null 2>&1; then
  echo '****************************************************************************' >&2
  echo '*  SKIPPED: Docker is not available. NOTHING ran against a real server.    *' >&2
  echo '*  The same suites run over the in-process stand-in with: npm test         *' >&2
  echo '****************************************************************************' >&2
  exit 77
fi

stop() {
  # shellcheck disable=SC2086
  docker compose $profile down --volumes --remove-orphans >/dev/null 2>&1 || true
}
trap stop EXIT
trap 'exit 130' INT TERM

# --wait follows the health checks of docker-compose.yml
# shellcheck disable=SC2086
if ! docker compose $profile up --detach --wait --wait-timeout "$wait_seconds"; then
  echo "the server did not become healthy within $wait_seconds s" >&2
  # shellcheck disable=SC2086
  docker compose $profile logs --tail 50 >&2 || true
  exit 3
fi

KEYFOLD_EVENTSTOREDB_URL=$url npx vitest run test/contract/eventstoredb.test.ts test/load
