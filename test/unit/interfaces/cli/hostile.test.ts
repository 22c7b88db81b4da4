import { dirname } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import { cliTools } from '../../../../src/composition/cli-tools.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { exitCodeOf } from '../../../../src/interfaces/cli/errors/exit-codes.ts'
import { answerLine } from '../../../support/answer-line.ts'
import { commandLine } from '../../../support/cli.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

type Line = { readonly [field: string]: unknown }

const tenant = { org_id: 'o', workspace_id: 'w', deployment_id: 'd', actor_id: 'a', source: 'explicit' }
const key = { tenant, operation: 'op', key: 'k' }
const claim = { record_id: `idem_${'0'.repeat(64)}`, epoch: 1, claim_id: 'c' }
const references = { primary_ref_kind: 'a', primary_ref_id: 'b', secondary_ref_kind: 'c', secondary_ref_id: 'd' }
const outcome = { outcome_kind: 'done', completed_at_ms: 1, ...references, details: 1 }
const times = { now_ms: 1, expires_at_ms: 5, lease_ms: 3 }

/** Every operation with every field that it knows. */
const right: ReadonlyArray<Line> = [
  { op: 'reserve', ...key, owner: 'me', request_fingerprint: 'f', first_seen_event_id: 'e', claim_id: 'c', ...times },
  { op: 'complete', ...key, outcome, now_ms: 1 },
  { op: 'complete', claim, outcome, now_ms: 1 },
  { op: 'release', claim, now_ms: 1 },
  { op: 'renew', claim, lease_ms: 1, now_ms: 1 },
  { op: 'get', ...key },
  { op: 'record_id', ...key },
  { op: 'fingerprint', parts: ['a'] }
]

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)

const marker = 'm4rk'

/** What a field may be given by someone who is careless, or means harm: as JSON text. */
const values: ReadonlyArray<string> = [
  ...['"1"', '""', '" "', '"\\u0000"', '"\\ufeff"', '"\\ud800"', 'null', 'true', '[]', '{}', '[1]', '[null]'],
  ...['0', '-0', '-1', '1.5', '1e3', '1e308', '1e400', '9007199254740991', '9007199254740993', '-9007199254740993'],
  ...['{"__proto__":{"a":1}}', '{"constructor":1,"toString":2}', '{"a":1,"a":2}', '{"toJSON":1}'],
  ...[nested(100), nested(127), nested(50_000), '['.repeat(50_000), '{"a":'.repeat(50_000)],
  ...[`"${marker.repeat(2_000)}"`, `"${marker.repeat(140_000)}"`, `{"${'n4me'.repeat(10_000)}":-0}`],
  ...[`"${'\\u001b'.repeat(20_000)}"`, `"${'\\u202e'.repeat(20_000)}"`]
]

const isObject = (value: unknown): value is Line => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Where the fields of a line are, but within `details`, which are the caller's own. */
const pathsIn = (line: Line, path: ReadonlyArray<string> = []): ReadonlyArray<ReadonlyArray<string>> =>
  Object.entries(line).flatMap(([name, value]) => [
    [...path, name],
    ...(isObject(value) ? pathsIn(value, [...path, name]) : [])
  ])

const put = (line: Line, [name = '', ...rest]: ReadonlyArray<string>, value: unknown): Line => {
  const inner = line[name]
  return { ...line, [name]: rest.length === 0 || !isObject(inner) ? value : put(inner, rest, value) }
}

/** Messages that say what is wrong without a path, since they are the predecessor's own, or name no field. */
const withoutPath =
  /^(idempotency (key|operation|owner|fingerprint) cannot be empty|the lease ends beyond the safe integers|no such claim was ever issued on this key)$/

describe('whatever stands in a field of batch', () => {
  for (const line of right) {
    it(`is answered or refused in one short line, with the path of the field: ${line['op']}`, async () => {
      for (const path of pathsIn(line)) {
        for (const value of values) {
          const text = JSON.stringify(put(line, path, '@')).replace('"@"', () => value)
          const answer = answerLine(cliTools, createLedger({ store: memoryStore() }).taskEither)
          const said = JSON.parse(JSON.stringify(await answer(Buffer.from(text))))
          if (said.error === undefined) continue
          const { tag, message } = said.error
          const about = `${path.join('.')} ${value.slice(0, 40)}: ${message}`
          // every tag of a failure has one
          expect(exitCodeOf(tag), about).toBeGreaterThan(0)
          expect(message, about).toMatch(/^[ -~…]{1,500}$/)
          expect(message, about).not.toContain(marker)
          if (!withoutPath.test(message)) expect(message, about).toMatch(/\$|^no such claim/)
        }
      }
    }, 300_000)
  }

  it('is as harmless in the place of the whole line', async () => {
    const answer = answerLine(cliTools, createLedger({ store: memoryStore() }).taskEither)
    for (const value of values) {
      const said = JSON.parse(JSON.stringify(await answer(Buffer.from(value))))
      expect(said.error.message, value.slice(0, 40)).toMatch(/^[ -~…]{1,500}$/)
    }
  })
})

const owner = ['--owner=me', '--fingerprint=f', '--lease=1s']
const named = ['--operation=op', '--key=k']
const claimed = ['--record-id=r', '--epoch=1', '--claim-id=c']

/** Commands, and the options to be given what is hostile. */
const commands: ReadonlyArray<readonly [args: ReadonlyArray<string>, options: ReadonlyArray<string>]> = [
  [
    ['reserve', ...named, ...owner],
    ['--operation', '--key', '--owner', '--lease', '--expires-at', '--retention', '--claim-id', '--event-id', '--now']
  ],
  [
    ['reserve', ...named, '--owner=me', '--lease=1s'],
    ['--payload', '--fingerprint']
  ],
  [
    ['complete', ...claimed, '--outcome=done'],
    ['--details', '--primary-ref', '--completed-at', '--epoch', '--record-id', '--claim-id']
  ],
  [
    ['complete', ...claimed],
    ['--outcome-json', '--outcome']
  ],
  [['release'], ['--claim']],
  [
    ['get', ...named],
    ['--org', '--workspace', '--deployment', '--actor', '--source', '--store']
  ],
  [['list'], ['--status', '--seen-from', '--limit', '--owner']],
  [['import'], ['', '--source', '--now']],
  [['export'], ['']]
]

const texts = [
  ...['', ' ', '-1', '1e9', 'NaN', '٣', '99999999999999999999', '@', '@/', '@/dev/null', '/', '\u001b[2J\u202e\u2028'],
  ...['{', '[]', '{"__proto__":1}', '"\\ud800"', '['.repeat(50_000), marker.repeat(20_000), 'a://b:c@'.repeat(4_000)]
]

/** What is taken for the name of a file makes one, and must make it where it goes with the test. */
const inAFolderOfItsOwn = (): void => {
  const here = process.cwd()
  process.chdir(dirname(temporaryFile('none')))
  onTestFinished(() => process.chdir(here))
}

describe('whatever is given to an option', () => {
  for (const [args, options] of commands) {
    it(`is answered, or refused in a line of cause and one of remedy: ${args.join(' ')} ${options.join(' ')}`, async () => {
      inAFolderOfItsOwn()
      for (const option of options) {
        for (const text of texts) {
          const given = option === '' ? text : `${option}=${text}`
          const { code, stdout, stderr } = await commandLine().run([...args, given])
          const about = `${given.slice(0, 60)}: ${stderr.slice(0, 200)}`
          if (code === 0) {
            expect(stderr, about).toBe('')
            continue
          }
          expect([2, 10, 11, 12, 24], about).toContain(code)
          expect(stdout, about).toBe('')
          expect(stderr, about).toMatch(/^error: [^\n]{1,600}\nwhat to do: [^\n]{1,200}\n$/)
          expect(stderr.replaceAll('\n', ''), about).not.toMatch(/\p{Cc}|[\u2028\u202e]/u)
        }
      }
    }, 300_000)
  }
})
