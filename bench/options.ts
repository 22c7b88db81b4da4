import { parseArgs } from 'node:util'

export type BenchOptions = {
  /** Which benchmarks, by what their names begin with; all where there are none. */
  readonly names: ReadonlyArray<string>
  /** Where the result is written as JSON. */
  readonly json: string
  /** Whether the page of the reference gets the figures. */
  readonly write: boolean
}

export const usage = `npm run bench [-- [name ...] [--json FILE] [--write]]
  name         a benchmark, or what its name begins with; all of them where none is named
  --json FILE  where the result is written as JSON, .tmp/bench/result.json where it is left out
  --write      writes the figures into docs/reference/performance.md; only with all benchmarks
KEYFOLD_BENCH_ROUNDS is the most rounds that each takes: a short run, to see that it works
KEYFOLD_BENCH_FOLDER is where stores are made; the system's folder for temporary files where it is left out
KEYFOLD_BENCH_EVENTS is how many events \`projections\` works on, 200,000 where it is left out
KEYFOLD_EVENTSTOREDB_URL is a server for \`eventstoredb\`, in the place of the stand-in`

/** What the command line asks for, or why it cannot be understood. */
export const benchOptions = (args: ReadonlyArray<string>, known: ReadonlyArray<string>): BenchOptions | string => {
  let given: ReturnType<typeof parsed>
  try {
    given = parsed(args)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  const { positionals: names, values } = given
  const stranger = names.find((name) => !known.some((one) => one.startsWith(name)))
  if (stranger !== undefined) return `there is no benchmark "${stranger.slice(0, 200)}"`
  // a page of some figures from this run and some from another would be of no run at all
  if (values.write && names.length > 0) return '--write takes all benchmarks: a page is of one run'
  return { names, json: values.json, write: values.write }
}

const parsed = (args: ReadonlyArray<string>) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'string', default: '.tmp/bench/result.json' },
      write: { type: 'boolean', default: false }
    }
  })
