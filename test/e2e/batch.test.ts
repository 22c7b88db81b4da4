import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { keyfold, program, start } from '../support/keyfold.ts'
import { keyfoldHere } from '../support/keyfold-here.ts'
import { recordIdOf, reserveLine } from '../support/story.ts'
import { temporaryFile } from '../support/temporary-file.ts'

type Answer = { readonly result?: string; readonly record?: { readonly key: string }; readonly error?: object }

const answersIn = (stdout: string): ReadonlyArray<Answer> =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))

const keysIn = async (store: string): Promise<ReadonlyArray<string>> => {
  const { stdout } = await keyfoldHere(['list', '--json', '--store', store])
  const { records }: { records: ReadonlyArray<{ readonly key: string }> } = JSON.parse(stdout)
  return records.map(({ key }) => key).toSorted()
}

/** Many more lines than are answered before a signal comes. */
const many = Array.from({ length: 20_000 }, (_, index) => reserveLine(`order-${index}`)).join('')

describe('keyfold batch', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143]
  ] as const) {
    it(`stops on ${signal} with exit code ${code}; what was answered is durable, and nothing else was begun`, async () => {
      const store = `sqlite:${temporaryFile('batch.db')}`
      const { child, ended } = start(['batch', '--store', store])
      child.stdin.write(many)
      await once(child.stdout, 'data')
      child.kill(signal)
      const { code: ran, stdout, stderr } = await ended
      expect({ ran, stderr }).toEqual({ ran: code, stderr: '' })
      const answered = answersIn(stdout)
      expect(answered.length).toBeLessThan(20_000)
      for (const { result } of answered) expect(result).toBe('reserved')
      expect(await keysIn(store)).toEqual(answered.map(({ record }) => record?.key).toSorted())
    })
  }

  it('has what it answered on disk, whatever ends it', async () => {
    const store = `sqlite:${temporaryFile('batch.db')}`
    const { child, ended } = start(['batch', '--store', store])
    // what it was killed under is refused
    child.stdin.on('error', () => {})
    child.stdin.write(many)
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    const whole = /^.*\n/s.exec((await ended).stdout)?.[0] ?? ''
    const answered = answersIn(whole).map(({ record }) => record?.key ?? '')
    expect(answered.length).toBeGreaterThan(0)
    expect(await keysIn(store)).toEqual(expect.arrayContaining(answered))
  })

  it('stops on a signal while it waits for a line', async () => {
    const { child, ended } = start(['batch', '--store=memory:'])
    child.stdin.write(reserveLine('order-1'))
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 143, stderr: '' })
  })

  it('stops when nobody reads the answers any more, without a complaint', async () => {
    const store = `sqlite:${temporaryFile('batch.db')}`
    const { child, ended } = start(['batch', '--store', store])
    child.stdin.write(many)
    await once(child.stdout, 'data')
    child.stdout.destroy()
    expect(await ended).toMatchObject({ code: 141, stderr: '' })
    expect((await keysIn(store)).length).toBeLessThan(20_000)
  })

  it('answers lines that cannot be answered, and goes on', async () => {
    const input = Buffer.concat([
      Buffer.from(`${reserveLine('order-1').trimEnd()}\r\n`),
      Buffer.from([0x22, 0xff, 0x22, 0x0a]),
      Buffer.from('no JSON\n\n'),
      Buffer.alloc(64 * 1024 * 1024 + 1, 'x'),
      Buffer.from('\n{"op":"fingerprint","parts":[]}\n{"op":"get"')
    ])
    const { code, stdout, stderr } = await keyfold(['batch', '--store=memory:'], { input })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const invalid = (message: string) => ({ error: { tag: 'InvalidInput', message } })
    expect(answersIn(stdout)).toMatchObject([
      { result: 'reserved' },
      invalid('the line is not UTF-8'),
      invalid('not valid JSON (at $)'),
      invalid('the line is empty'),
      { error: { tag: 'LimitExceeded', message: 'a line has more than the limit of 67108864 bytes' } },
      { fingerprint: 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
      invalid('not valid JSON (at $)')
    ])
  })

  it('has nothing to say where stdin is closed', async () => {
    const command = `"${process.execPath}" "${program}" batch --store=memory: <&-`
    const ran = await promisify(execFile)('sh', ['-c', command], { env: { PATH: process.env['PATH'] } })
    expect(ran).toEqual({ stdout: '', stderr: '' })
  })

  it('answers as soon as it is asked: a question may depend on the answer before it', async () => {
    const { child, ended } = start(['batch', '--store=memory:'])
    child.stdin.write(reserveLine('order-1'))
    const [first] = await once(child.stdout, 'data')
    const { claim } = JSON.parse(String(first))
    child.stdin.end(`${JSON.stringify({ op: 'release', claim })}\n`)
    expect(answersIn((await ended).stdout)).toMatchObject([{ result: 'reserved' }, { result: 'released' }])
  })

  it('answers each line when it is asked, however many are asked one by one', async () => {
    const { child, ended } = start(['batch', '--store=memory:'])
    for (let index = 0; index < 20; index++) {
      child.stdin.write(reserveLine(`order-${index}`))
      const [answer] = await once(child.stdout, 'data')
      expect(answersIn(String(answer))).toMatchObject([{ result: 'reserved', record: { key: `order-${index}` } }])
    }
    child.stdin.end()
    expect((await ended).code).toBe(0)
  })

  it('takes a claim that the line before it asks for, before that is answered', async () => {
    const lines = Array.from({ length: 200 }, (_, index) => {
      const key = `order-${index}`
      const claim = { record_id: recordIdOf(key), epoch: 1, claim_id: 'own' }
      const reserve = { ...JSON.parse(reserveLine(key)), claim_id: 'own' }
      return [reserve, { op: 'complete', claim, outcome: { outcome_kind: 'done' } }, { ...reserve, owner: 'other' }]
    })
    const input = lines.flat().map((line) => `${JSON.stringify(line)}\n`)
    const store = `sqlite:${temporaryFile('batch.db')}`
    const { stdout } = await keyfold(['batch', '--store', store], { input: input.join('') })
    const results = answersIn(stdout).map(({ result }) => result)
    expect(results).toEqual(lines.flatMap(() => ['reserved', 'completed', 'duplicate']))
  })
})
