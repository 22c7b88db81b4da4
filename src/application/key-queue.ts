import * as E from 'fp-ts/Either'
import type { IO } from 'fp-ts/IO'
import { failure } from '../domain/failure.ts'
import type { Pending } from './submission.ts'

const maxCommands = 512

/** The most that commands weigh that share an append, bytes. */
export const maxWeight = 512 * 1024

/** Takes as many waiting commands as one append may carry; a single large one goes alone. */
const takeBatch = (waiting: Array<Pending>, most: number): ReadonlyArray<Pending> => {
  if (waiting.length <= 1) return waiting.splice(0)
  let count = 0
  let weight = 0
  for (const { submission } of waiting) {
    weight += submission.weight()
    if (count === maxCommands || (count > 0 && weight > most)) break
    count++
  }
  return waiting.splice(0, count)
}

/** The commands of this process, queued by key: those of one key are decided one after another, keys are apart. */
export type KeyQueue = {
  /** Gives a way to withdraw the command, which tells whether it did: not once the command is being decided. */
  readonly push: (stream: string, pending: Pending) => IO<boolean>
  /** Runs work of another kind when the key's turn comes. Resolves once it is over, however it ended. */
  readonly run: (stream: string, work: () => Promise<void>) => Promise<void>
}

type Line = {
  readonly waiting: Array<Pending>
  /** Whether a turn that will take what waits is coming, or running. */
  scheduled: boolean
  tail: Promise<void>
}

/**
 * `process` gets the commands of one key that waited together and weigh `most` bytes at most. While an attempt is in
 * doubt, later ones wait.
 */
export const keyQueue = (
  most: number,
  process: (stream: string, batch: ReadonlyArray<Pending>) => Promise<void>
): KeyQueue => {
  const lines = new Map<string, Line>()
  const nothing = Promise.resolve()

  const lineOf = (stream: string): Line => {
    const there = lines.get(stream)
    if (there !== undefined) return there
    const line: Line = { waiting: [], scheduled: false, tail: nothing }
    lines.set(stream, line)
    return line
  }

  const takeTurn = (stream: string, line: Line, work: () => Promise<void>): Promise<void> => {
    const { tail } = line
    const turn = async (): Promise<void> => {
      await tail
      try {
        await work()
      } catch {
        // a turn that breaks off must not take its line with it; commands are settled before that
      }
      if (line.tail === mine) lines.delete(stream)
    }
    const mine = turn()
    line.tail = mine
    return mine
  }

  /** Takes one batch; what came meanwhile gets a turn of its own, behind work of other kinds. */
  const takeOne = async (stream: string, line: Line): Promise<void> => {
    const batch = takeBatch(line.waiting, most)
    try {
      await process(stream, batch)
    } catch (cause) {
      // a port that throws breaks its contract; nobody may be left waiting for ever because of it
      const error = failure('StoreUnavailable', 'the command broke off in a way that it should not', { cause })
      for (const { settle } of batch) settle(E.left(error))
    }
    line.scheduled = false
    schedule(stream, line)
  }

  const schedule = (stream: string, line: Line): void => {
    if (line.scheduled || line.waiting.length === 0) return
    line.scheduled = true
    void takeTurn(stream, line, () => takeOne(stream, line))
  }

  return {
    push: (stream, pending) => {
      const line = lineOf(stream)
      line.waiting.push(pending)
      schedule(stream, line)
      return () => {
        const index = line.waiting.indexOf(pending)
        if (index >= 0) line.waiting.splice(index, 1)
        return index >= 0
      }
    },
    run: (stream, work) => takeTurn(stream, lineOf(stream), work)
  }
}
