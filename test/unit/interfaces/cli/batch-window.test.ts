import { Readable, Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import { cliTools } from '../../../../src/composition/cli-tools.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { runBatch } from '../../../../src/interfaces/cli/batch/run-batch.ts'
import { answersInOrder } from '../../../../src/interfaces/cli/batch/window.ts'
import { sink } from '../../../support/cli.ts'

const maxLines = 256
const maxSize = 16 * 1024 * 1024

const line = (size: number, answer = 0) => ({ line: size, answer })

/** An answer that comes when the test says so. */
const later = () => {
  let come = (_: string): void => {}
  let fail = (_: Error): void => {}
  const answer = new Promise<string>((resolve, reject) => {
    come = resolve
    fail = reject
  })
  return { answer, come, fail }
}

/** Whether a promise is settled by the time that everything else had its turn. */
const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false
  const settle = (): void => {
    settled = true
  }
  promise.then(settle, settle)
  await turn()
  return settled
}

/** An output that takes nothing more once it was handed something, until it may. */
const stuck = () => {
  const written: Array<string> = []
  let goOn = (): void => {}
  const output = new Writable({
    highWaterMark: 1,
    write: (chunk: Uint8Array, _, done) => {
      written.push(Buffer.from(chunk).toString())
      goOn = done
    }
  })
  return { output, written, goOn: () => goOn() }
}

describe('the window of batch', () => {
  it('writes answers in the order of their lines, each as soon as it and all before it are there', async () => {
    const { output, text } = sink()
    const window = answersInOrder(output)
    const [first, second, third] = [later(), later(), later()]
    for (const { answer } of [first, second, third]) window.add(line(1), answer)
    second.come('2')
    await turn()
    expect(text()).toBe('')
    first.come('1')
    await turn()
    expect(text()).toBe('12')
    third.come('3')
    await window.end()
    expect(text()).toBe('123')
  })
  it('has room for so many lines, and for the next when the first is answered', async () => {
    const window = answersInOrder(sink().output)
    const all = Array.from({ length: maxLines }, later)
    for (const { answer } of all) {
      expect(await window.room(line(1))).toBe(true)
      window.add(line(1), answer)
    }
    const room = window.room(line(1))
    all[1]?.come('2')
    expect(await isSettled(room)).toBe(false)
    all[0]?.come('1')
    expect(await room).toBe(true)
  })
  it('has room for lines and answers of so much, or for a single one that is larger', async () => {
    const window = answersInOrder(sink().output)
    const [large, first, second] = [later(), later(), later()]
    expect(await window.room(line(maxSize + 1))).toBe(true)
    window.add(line(maxSize + 1), large.answer)
    const afterLarge = window.room(line(1))
    expect(await isSettled(afterLarge)).toBe(false)
    large.come('1')
    expect(await afterLarge).toBe(true)
    window.add(line(1), first.answer)
    expect(await window.room(line(1))).toBe(true)
    window.add(line(1), second.answer)
    second.come('x'.repeat(maxSize))
    await second.answer
    const afterAnswer = window.room(line(1))
    expect(await isSettled(afterAnswer)).toBe(false)
    first.come('1')
    expect(await afterAnswer).toBe(true)
  })
  it('takes an answer to be as large as was said, until it is there', async () => {
    const { output } = stuck()
    const window = answersInOrder(output)
    const [first, second] = [later(), later()]
    // nobody takes what is written
    window.add(line(1), Promise.resolve('0'))
    await turn()
    window.add(line(1), first.answer)
    expect(await window.room(line(1, maxSize - 2))).toBe(true)
    window.add(line(1, maxSize - 2), second.answer)
    const room = window.room(line(1))
    expect(await isSettled(room)).toBe(false)
    // it waits for the first, and is small
    second.come('2')
    expect(await room).toBe(true)
    expect(await isSettled(window.room(line(maxSize - 3)))).toBe(true)
    expect(await isSettled(window.room(line(maxSize - 2)))).toBe(false)
  })
  it('has no room any more once nobody reads; what is in work is waited for', async () => {
    const { output } = sink()
    const window = answersInOrder(output)
    const [first, second] = [later(), later()]
    window.add(line(1), first.answer)
    window.add(line(1), second.answer)
    output.destroy()
    first.come('1')
    await turn()
    expect(await window.room(line(1))).toBe(false)
    const end = window.end()
    expect(await isSettled(end)).toBe(false)
    second.come('2')
    await end
  })
  it('ends by a defect, once all that is in work is done; no answer after it is written', async () => {
    const { output, text } = sink()
    const window = answersInOrder(output)
    const [first, second, third] = [later(), later(), later()]
    for (const { answer } of [first, second, third]) window.add(line(1), answer)
    first.come('1')
    await turn()
    second.fail(new Error('a defect'))
    await turn()
    expect(await window.room(line(1))).toBe(false)
    const end = window.end()
    expect(await isSettled(end)).toBe(false)
    third.come('3')
    await expect(end).rejects.toThrow('a defect')
    expect(text()).toBe('1')
  })
})

it('batch takes no more lines while nobody takes the answers, and goes on when somebody does', async () => {
  const { output, written, goOn } = stuck()
  const count = 20 * maxLines
  let given = 0
  const stdin = Readable.from(
    (function* () {
      for (; given < count; given++) yield Buffer.from(`{"op":"fingerprint","parts":["${given}"]}\n`)
    })()
  )
  const { taskEither } = createLedger({ store: memoryStore() })
  const ended = runBatch({ ...cliTools, stdin, stdout: output }, taskEither, new AbortController().signal)()
  for (let last = -1; last < given; await turn()) last = given
  expect(given).toBeLessThan(4 * maxLines)
  let isOver = false
  const over = ended.then((result) => {
    isOver = true
    return result
  })
  while (!isOver) {
    goOn()
    await turn()
  }
  expect(await over).toEqual(E.right(undefined))
  expect(written.join('').split('\n')).toHaveLength(count + 1)
})

describe('batch begins at once as many lines as answers have room', () => {
  const key = { tenant: { org_id: 'o', workspace_id: 'w' }, operation: 'op' }
  const reserving = { owner: 'me', request_fingerprint: 'f' }
  // a page has 8 MiB at most, an outcome 512 KiB; what is written answers little as a rule
  it.each([
    ['history', {}, 1],
    ['get', {}, 31],
    ['reserve', reserving, maxLines]
  ] as const)('%s', async (op, fields, most) => {
    const { taskEither } = createLedger({ store: memoryStore() })
    let begun = 0
    const held = later()
    const ledger: typeof taskEither = {
      ...taskEither,
      [op]: (request: never) => async () => {
        begun++
        await held.answer
        return taskEither[op](request)()
      }
    }
    const count = 2 * maxLines
    const text = Array.from({ length: count }, (_, index) =>
      JSON.stringify({ op, ...key, key: `key-${index}`, ...fields })
    ).join('\n')
    const { output, text: written } = sink()
    const stdin = Readable.from([Buffer.from(text)])
    const ended = runBatch({ ...cliTools, stdin, stdout: output }, ledger, new AbortController().signal)()
    for (let last = -1; last < begun; await turn()) last = begun
    expect(begun).toBe(most)
    held.come('')
    expect(await ended).toEqual(E.right(undefined))
    expect(written().trimEnd().split('\n')).toHaveLength(count)
  })
})
