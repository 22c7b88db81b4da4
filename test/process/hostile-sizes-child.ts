import { Readable, Writable } from 'node:stream'
import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import { judge } from '../../src/adapters/eventstoredb/calls/to-store-error.ts'
import { parseConnectionString } from '../../src/adapters/eventstoredb/client/connection-string.ts'
import { parseExactJson } from '../../src/adapters/exact-json/parse.ts'
import { blankness } from '../../src/adapters/predecessor-file/blankness.ts'
import { whyNotOpened } from '../../src/adapters/sqlite/path-fault.ts'
import type { TaskLedger } from '../../src/application/ledger.ts'
import { cliTools } from '../../src/composition/cli-tools.ts'
import { failure } from '../../src/domain/failure.ts'
import { isCategory } from '../../src/domain/identity.ts'
import { jsonFault } from '../../src/domain/json.ts'
import { pathTo } from '../../src/domain/json-path.ts'
import { quoted, trimWhiteSpace } from '../../src/domain/text.ts'
import type { CliDeps, Output } from '../../src/interfaces/cli/deps.ts'
import { redactor } from '../../src/interfaces/cli/errors/redact.ts'
import { runCli } from '../../src/interfaces/cli/main.ts'
import { parseDuration } from '../../src/interfaces/cli/options/duration.ts'
import { parseTime } from '../../src/interfaces/cli/options/time-text.ts'
import { inSnakeCase } from '../../src/interfaces/cli/shape/snake-case.ts'
import { jsonText } from '../../src/interfaces/cli/terminal/json-text.ts'
import { inertCell, printableCell, printableMessage } from '../../src/interfaces/cli/terminal/printable.ts'
import { rendered } from '../../src/interfaces/cli/terminal/render.ts'
import { fields, headline, table } from '../../src/interfaces/cli/terminal/view.ts'
import { importable } from '../support/importable.ts'
import { say } from './say.ts'

/** Lists many records, as the command line does, to somebody who reads slowly; says how many came. */
const list = async ({ form, count }: { form: string; count: number }): Promise<void> => {
  const some = importable('a key of many')
  const found = Array.from({ length: count }, () => some)
  const seen = { terminal: /idem_\w{12}…/g, plain: /^idem_\w{64}\t/gm, json: /"record_id"/g }[form]
  let records = 0
  let last = ''
  const reader = new Writable({
    decodeStrings: false,
    write: (chunk, _, done) => {
      // what is cut in two by the end of a chunk is counted with the next
      const text = last + chunk
      const end = text.lastIndexOf(form === 'json' ? '}' : '\n') + 1
      records += text.slice(0, end).match(seen ?? /^/)?.length ?? 0
      last = text.slice(end)
      setImmediate(done)
    }
  })
  const stdout: Output = form === 'terminal' ? Object.assign(reader, { isTTY: true, columns: 100 }) : reader
  const ledger = { list: () => TE.right(found) } as Partial<TaskLedger> as TaskLedger
  const deps: CliDeps = {
    ...cliTools,
    version: '0',
    stdin: Readable.from([]),
    stdout,
    stderr: process.stderr,
    env: {},
    now: Date.now,
    openLedger: () => TE.right({ ledger, dispose: async () => {} }),
    openProjections: () => TE.left({ _tag: 'StoreUnavailable', message: 'no projections here' }),
    examine: async () => [],
    self: { file: '', args: [] }
  }
  const code = await runCli(form === 'json' ? ['list', '--json'] : ['list'], deps, async () => deps)
  say({ code, records })
}

/** Keeps what was cut from long texts in every way that there is. */
const keep = ({ count, length }: { count: number; length: number }): void => {
  const kept: Array<unknown> = []
  for (let index = 0; index < count; index++) {
    const blank = ' '.repeat(length)
    const text = `{"a":"a text of its own, number ${index}",${blank}"b":"a text with \\u0065scapes, number ${index}"}`
    const parsed = parseExactJson(text)
    if (E.isRight(parsed)) kept.push(...Object.values(Object(parsed.right.value)))
    kept.push(trimWhiteSpace(`${blank}a text to be trimmed ${index}${blank}`), quoted(`number ${index}${blank}`))
    const refused = parseExactJson(`${index}${'1'.repeat(length)}`)
    if (E.isLeft(refused)) kept.push(refused.left)
  }
  say({ kept: kept.length })
}

const form = { colour: false } as const

/** Everything that goes through a text from outside in search of something. */
const searches: ReadonlyArray<(text: string) => unknown> = [
  redactor([]),
  (text) => redactor([text])(text),
  (text) => redactor([`esdb://${text}@host`, `esdb://user:${text}@host`])(text),
  printableCell,
  inertCell,
  printableMessage,
  jsonText,
  quoted,
  trimWhiteSpace,
  isCategory,
  parseDuration,
  parseTime,
  parseConnectionString,
  (text) => parseConnectionString(`esdb://${text}`),
  (text) => judge({ type: 'unknown', message: text, details: text }),
  (text) => whyNotOpened('a file', Object.assign(new Error(text), { code: text })),
  (text) => inSnakeCase(failure('InvalidInput', text, { path: text })),
  (text) => pathTo('$', text),
  (text) => jsonFault({ [text]: { [text]: Number.NaN } }),
  (text) => parseExactJson(text),
  (text) => parseExactJson(JSON.stringify(text)),
  (text) => parseExactJson(`{${JSON.stringify(text)}:1e999}`),
  (text) => blankness().add(new TextEncoder().encode(text)),
  (text) => {
    const views = [headline(text), fields([[text, text]]), table([text, 'b'], [[text, text]])]
    for (const to of ['terminal', 'plain'] as const) {
      for (const _ of rendered({ json: {}, views }, { ...form, form: to, lineLength: 80 }));
    }
  }
]

const repeated = [
  ' ',
  'a',
  'a.',
  '.',
  '/',
  ':',
  '@',
  '://',
  'a://',
  'a://b:c ',
  'a://b:c@',
  'esdb://a:b',
  '$.',
  '$.a',
  '\\',
  '=',
  '"',
  '1',
  '1,',
  'a,',
  '漢 ',
  '\u200b',
  '\u0301',
  '\ud800',
  'Resolution note: ',
  'Server Is Busy',
  'ConnectionFailed(: 1',
  '?a=&'
]

const texts = ({ length }: { length: number }): void => {
  let done = 0
  for (const one of repeated) {
    // what ends otherwise fits no form that is of one kind to its end
    const text = `${one.repeat(length / one.length)}x`
    for (const search of searches) {
      search(text)
      done++
    }
  }
  say({ done })
}

const { task, ...argument } = JSON.parse(process.argv[2] ?? '')
await ({ list, keep, texts }[String(task)] as (argument: object) => unknown)(argument)
