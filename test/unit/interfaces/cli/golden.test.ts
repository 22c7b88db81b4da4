import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CliDeps } from '../../../../src/interfaces/cli/deps.ts'
import { commandLine, type Terminal } from '../../../support/cli.ts'
import { conformanceFolder } from '../../../support/conformance.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const keyed = (key: string): ReadonlyArray<string> => [
  '--org=acme',
  '--workspace=shop',
  '--operation=payment.charge',
  `--key=${key}`
]
const reserve = (key: string, ...more: ReadonlyArray<string>): ReadonlyArray<string> => [
  'reserve',
  ...keyed(key),
  '--owner=web-1',
  ...more
]
const ids = {
  order1: 'idem_119db728a852fdc723970b81f9cfa4e13b1171db3288b49c2846e50740f8b386',
  order2: 'idem_915c82627f26ee7b5211cda77c70341be406bd06a71b63debab79de47dc69128',
  order4: 'idem_02d6529de5f1fa86d4560cd759a3473d2b24651bf99d96dc0d47c0407eadf248'
} as const
const claim = (order: keyof typeof ids, epoch: number, id: string): ReadonlyArray<string> => [
  `--record-id=${ids[order]}`,
  `--epoch=${epoch}`,
  `--claim-id=${id}`
]

/** One story, in which each command is answered in every way that it has. */
const story = (file: string): ReadonlyArray<ReadonlyArray<string>> => [
  ['list'],
  reserve('order-1', '--fingerprint=amount=10', '--lease=30s', '--event-id=event-1', '--claim-id=first'),
  reserve('order-1', '--fingerprint=amount=10', '--lease=30s'),
  reserve('order-1', '--fingerprint=amount=99', '--lease=30s'),
  ['renew', ...claim('order1', 1, 'first'), '--lease=60s'],
  ['get', ...keyed('order-1')],
  reserve('order-1', '--fingerprint=amount=10', '--lease=30s', '--now=2026-01-01T00:02:00Z', '--claim-id=second'),
  ['renew', ...claim('order1', 1, 'first'), '--lease=60s'],
  ['complete', ...claim('order1', 1, 'first'), '--outcome=charged-twice'],
  ['complete', ...claim('order1', 1, 'forged'), '--outcome=charged-twice'],
  [
    'complete',
    ...claim('order1', 2, 'second'),
    '--outcome=charged',
    '--details={"amount":10}',
    '--primary-ref=charge:ch_1',
    '--secondary-ref=bank:b:2'
  ],
  ['complete', ...claim('order1', 2, 'second'), '--outcome=refused', '--completed-at=1767225720000'],
  ['release', ...claim('order1', 2, 'second')],
  ['renew', ...claim('order1', 2, 'second'), '--lease=60s'],
  reserve('order-1', '--fingerprint=amount=10', '--lease=30s'),
  ['history', ...keyed('order-1')],
  reserve('order-2', '--payload={"amount":20}', '--lease=none', '--claim-id=third'),
  ['release', ...claim('order2', 1, 'third'), '--note=no money'],
  ['release', ...claim('order2', 1, 'third')],
  reserve('order-2', '--payload={"amount":20}', '--lease=none', '--retention=7d', '--claim-id=fourth'),
  ['release', ...claim('order2', 1, 'third')],
  ['complete', '--by-key-unfenced', ...keyed('order-2'), '--outcome-json={"outcome_kind":"charged"}'],
  ['history', ...keyed('order-2')],
  ['complete', '--by-key-unfenced', ...keyed('order-9'), '--outcome=charged'],
  ['get', ...keyed('order-9')],
  ['history', ...keyed('order-9')],
  reserve('order-3', '--fingerprint=x', '--lease=5m', '--expires-at=2026-02-01T00:00:00+01:00'),
  ['complete-by-operator', ...keyed('order-3'), '--outcome=charged', '--by=ann', '--note=seen at the bank'],
  ['expire-by-operator', ...keyed('order-3'), '--by=ann', '--note=charged by mistake'],
  ['expire-by-operator', ...keyed('order-3'), '--by=ann', '--note=once more'],
  ['history', ...keyed('order-3')],
  reserve('order-4', '--fingerprint=amount=40', '--lease=30s', '--claim-id=fifth'),
  ['recovery-point', ...claim('order4', 1, 'fifth'), '--name=charged', '--data={"id":"ch_4"}'],
  ['recovery-point', ...claim('order4', 1, 'fifth'), '--name=told'],
  reserve('order-4', '--fingerprint=amount=40', '--lease=30s', '--now=2026-01-01T00:02:00Z', '--claim-id=sixth'),
  ['recovery-point', ...claim('order4', 1, 'fifth'), '--name=late'],
  ['recovery-point', ...claim('order4', 2, 'sixth'), '--name='],
  ['in-doubt', ...claim('order4', 2, 'sixth'), '--note=the bank timed out'],
  ['in-doubt', ...claim('order4', 2, 'forged')],
  reserve('order-4', '--fingerprint=amount=40', '--lease=30s', '--now=2026-02-01T00:00:00Z'),
  ['get', ...keyed('order-4')],
  ['history', ...keyed('order-4')],
  ['list', '--operation=payment.charge'],
  ['stuck', '--now=2026-02-01T00:00:00Z'],
  ['stuck', '--owner=nobody'],
  ['expire-by-operator', ...keyed('order-4'), '--by=ann', '--note=the bank says no'],
  ['in-doubt', ...claim('order4', 2, 'sixth')],
  ['import', resolve(conformanceFolder, 'files/15-v1.json'), '--lease=1h'],
  ['import', resolve(conformanceFolder, 'files/15-v1.json')],
  ['history', '--org=org-a', '--workspace=ws-1', '--operation=op.x', '--key=k'],
  ['list'],
  ['list', '--limit=1'],
  ['list', '--org=acme', '--workspace=shop', '--operation=payment.charge', '--owner=web-1', '--status=completed'],
  ['export'],
  ['export', file],
  ['export', file],
  ['export', file, '--force'],
  ['as-of', ...keyed('order-1'), '--revision=2'],
  ['as-of', ...keyed('order-9'), '--at=2026-01-01T00:00:00Z'],
  ['diff', ...keyed('order-1'), '--from-revision=0', '--to-revision=5'],
  ['explain', ...keyed('order-1'), '--owner=web-2', '--fingerprint=amount=99', '--revision=5'],
  ['what-if', '--takeover=refuse'],
  ['conflicts'],
  ['stats'],
  ['verify'],
  ['sweep', '--dry-run', '--now=2026-03-01T00:00:00Z'],
  ['list', '--stuck'],
  ['history', '--record-id=idem_119db728a852…'],
  ['projections', 'status'],
  ['projections', 'rebuild', 'key_index'],
  ['projections', 'verify', 'key_index'],
  ['projections', 'parked', 'key_index'],
  ['projections', 'retry', 'key_index', ids.order1, '--by=ann', '--note=mended'],
  ['projections', 'status', 'key_index'],
  ['doctor']
]

/** What `batch` is asked: about a key that nobody holds, and what is wrong. */
const lines = [
  { op: 'get', tenant: { org_id: 'acme', workspace_id: 'shop' }, operation: 'payment.charge', key: 'order-9' },
  { op: 'reserve', tenant: { org_id: 'acme', workspace_id: 'shop' }, operation: 'payment.charge', key: 'order-9' },
  { op: 'fingerprint', parts: ['amount=10'] },
  { op: 'list', limit: 0 },
  { op: 'forget' }
]
const stdin = lines.map((line) => `${JSON.stringify(line)}\n`).join('')

/** What `doctor` found, in every state. */
const examine: CliDeps['examine'] = async () => [
  { what: 'node', state: 'ok', found: 'v20.20.0 on linux x64' },
  { what: 'file', state: 'warn', found: 'others may read it (mode 644)', mend: 'chmod 600 FILE' },
  {
    what: 'log',
    state: 'fail',
    found: 'the chain breaks at revision 2',
    mend: 'run keyfold verify, and restore a backup'
  }
]

const told = async (terminal: Terminal, form: ReadonlyArray<string>): Promise<string> => {
  const { run } = commandLine({ examine })
  const file = temporaryFile('export.json')
  const told: Array<string> = []
  const plainly = (text: string): string =>
    text.replaceAll(file, 'FILE').replaceAll(conformanceFolder, 'CONFORMANCE').replaceAll('\u001b', '\\e')
  for (const args of story(file)) {
    const { code, stdout, stderr } = await run([...args, ...form], terminal)
    told.push(`$ keyfold ${[...args, ...form].join(' ')}\n${stdout}${stderr}${code === 0 ? '' : `exit code ${code}\n`}`)
    if (form.includes('--json') && code === 0) JSON.parse(stdout)
    // what doctor finds is an answer
    if (args[0] !== 'doctor') expect(stdout === '', 'it either answers or complains').toBe(code !== 0)
  }
  return (
    plainly(told.join('\n'))
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
      .replaceAll(/((?:hash|claimHash)":")[0-9a-f]{64}/g, '$1SHA256')
      // how often a bar is drawn depends on how long the work takes
      .replaceAll(/\\e7.*?\\e\[2K/g, '')
  )
}

/** A line that goes on beyond the terminal's end: only where it is one word, which is whole for copying, and its indent. */
const tooLong = (text: string, columns: number): ReadonlyArray<string> =>
  text
    .replaceAll(/\\e\[\d+m/g, '')
    .split('\n')
    // but for what is no answer to people: command lines, the older system's file, complaints
    .filter(
      (line) =>
        !line.startsWith('$ ') && !/^ *"/.test(line) && !/^(error|what to do|skipped|not |in doubt: idem)/.test(line)
    )
    .filter((line) => line.length > columns && line.trim().includes(' '))

/** A member of a document that is not in snake_case; what callers hand over has their own names. */
const otherCase = (value: unknown): ReadonlyArray<string> =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, member]) => [
        ...(Array.isArray(value) || /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) ? [] : [name]),
        ...(name === 'details' ? [] : otherCase(member))
      ])

/**
 * The files beside this one were read by eye; a change in them is a change that users see. `npx vitest run -u` with this
 * file writes them anew.
 */
describe('what every command says', () => {
  it('in a pipe', async () => {
    await expect(await told({}, [])).toMatchFileSnapshot('golden/plain.txt')
  })
  it('as JSON: one document each, with one case style', async () => {
    const text = await told({}, ['--json'])
    const documents = text.split('\n').filter((line) => line.startsWith('{"'))
    expect([...new Set(documents.flatMap((line) => otherCase(JSON.parse(line))))]).toEqual([])
    await expect(text).toMatchFileSnapshot('golden/json.txt')
  })
  for (const columns of [60, 80, 120]) {
    it(`on a terminal of ${columns} columns, of which none is passed inside a word`, async () => {
      const text = await told({ isTTY: true, columns }, [])
      expect(tooLong(text, columns)).toEqual([])
      await expect(text).toMatchFileSnapshot(`golden/terminal-${columns}.txt`)
    })
  }
  it('to lines of batch', async () => {
    const { code, stdout, stderr } = await commandLine().run(['batch'], { stdin })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    await expect(
      stdin
        .split('\n')
        .map((line, at) => `${line}\n${stdout.split('\n')[at]}\n`)
        .join('')
    ).toMatchFileSnapshot('golden/batch.txt')
  })
  it.each(['bash', 'zsh', 'fish'])('to %s, for its completion', async (shell) => {
    const { code, stdout, stderr } = await commandLine().run(['completion', shell])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    await expect(stdout).toMatchFileSnapshot(`golden/completion.${shell}`)
  })
  it('on a terminal with NO_COLOR', async () => {
    const colourless = await told({ isTTY: true, columns: 80, env: { NO_COLOR: '1' } }, [])
    const coloured = await told({ isTTY: true, columns: 80 }, [])
    expect(colourless).toBe(coloured.replaceAll(/\\e\[\d+m/g, ''))
  })
})
