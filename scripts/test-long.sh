#!/bin/sh
# The tests that `npm test` plays in a short form, in their long one: half an hour or so on 2 cores.
set -eu
export KEYFOLD_MODEL_RUNS=20000   # several ledgers on one unruly store
export KEYFOLD_LOAD_KEYS=10000    # 64 callers over gRPC
export KEYFOLD_SIZES_MB=60        # hostile inputs
export KEYFOLD_DAMAGED_FILES=300  # files with flipped bytes
export KEYFOLD_LOG_RUNS=60        # three processes, and what is done to their log
export KEYFOLD_ONCE_KILLS=50      # workers killed between their steps
export KEYFOLD_ONCE_REQUESTS=1000 # over a server with faults in a tenth of the appends
export KEYFOLD_VERIFY_EVENTS=1002000  # a log that verify must not hold; prints rate and peak memory
export KEYFOLD_RUNNER_KILLS=200   # runners of projections that are killed at their work
export KEYFOLD_RUNNER_EVENTS=99999
export KEYFOLD_ANSWERS=all            # every recorded scenario to each version of the stand-in
npm run -s build
exec npx vitest run test/model test/load test/process/hostile-sizes.test.ts test/process/damage.test.ts test/process/log.test.ts test/e2e/verify.test.ts test/process/once.test.ts test/projections/killed-runners.test.ts test/conformance/eventstoredb/answers.test.ts
