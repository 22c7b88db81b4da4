import * as E from 'fp-ts/Either'
import type { IO } from 'fp-ts/IO'
import { failure } from '../domain/failure.ts'
import type { Pending } from './pending.ts'

const maxCommands = 512

/** The most that commands weigh that share an append, bytes. */
export const maxWeight = 512 * 1024

/** How much waits at most, on one key and in the whole process: commands, and bytes of what they say. */
const mostOnKey = { commands: 10_000, bytes: 32 * 1024 * 1024 }
const mostInAll = { commands: 100_000, bytes: 256 * 1024 * 1024 }

/** With fewer in the process a command that waits for no other is not worth weighing. */
const few = 1000

/** What waits: in the order of its coming, with its weight. */
type Waiting = Map<Pending, number>

type Batch = { readonly pendings: ReadonlyArray<Pending>; readonly bytes: number }

/** Takes as many waiting commands as one append may carry; a single large one goes alone. */
const takeBatch = (waiting: Waiting, most: number): Batch => {
  const alone = waiting.size === 1
  const pendings: Array<Pending> = []
  let weight = 0
  let bytes = 0
  for (const [pending, known] of waiting) {
    if (!alone) weight += pending.submission.weight()
    if (pendings.length === maxCommands || (pendings.length > 0 && weight > most)) break
    pendings.push(pending)
    bytes += known
    waiting.delete(pending)
  }
  return { pendings, bytes }
}

/** The commands of this process, queued by key: those of one key are decided one after another, keys are apart. */
export type KeyQueue = {
  /**
   * Gives a way to withdraw the command, which tells whether it did: not once the command is being decided. Gives none,
   * and takes nothing, where too much waits already.
   */
  readonly push: (stream: string, pending: Pending) => IO<boolean> | undefined
  /** Runs work of another kind when the key's turn comes. Resolves once it is over, however it ended. */
  readonly run: (stream: string, work: () => Promise<void>) => Promise<void>
}

type Line = {
  readonly waiting: Waiting
  bytes: number
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
  const inAll = { commands: 0, bytes: 0 }

  const lineOf = (stream: string): Line => {
    const there = lines.get(stream)
    if (there !== undefined) return there
    const line: Line = { waiting: new Map(), bytes: 0, scheduled: false, tail: nothing }
    lines.set(stream, line)
    return line
  }

  const left = (commands: number, bytes: number): void => {
    inAll.commands -= commands
    inAll.bytes -= bytes
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
    const { pendings, bytes } = takeBatch(line.waiting, most)
    line.bytes -= bytes
    try {
      await process(stream, pendings)
    } catch (cause) {
      // a port that throws breaks its contract; nobody may be left waiting for ever because of it
      const error = failure('StoreUnavailable', 'the command broke off in a way that it should not', { cause })
      for (const { settle } of pendings) settle(E.left(error))
    }
    left(pendings.length, bytes)
    line.scheduled = false
    schedule(stream, line)
  }

  const schedule = (stream: string, line: Line): void => {
    if (line.scheduled || line.waiting.size === 0) return
    line.scheduled = true
    void takeTurn(stream, line, () => takeOne(stream, line))
  }

  return {
    push: (stream, pending) => {
      const line = lineOf(stream)
      const { waiting } = line
      const bytes = waiting.size > 0 || inAll.commands >= few ? pending.submission.weight() : 0
      const fits =
        waiting.size < mostOnKey.commands &&
        line.bytes + bytes <= mostOnKey.bytes &&
        inAll.commands < mostInAll.commands &&
        inAll.bytes + bytes <= mostInAll.bytes
      if (!fits) {
        if (line.tail === nothing) lines.delete(stream)
        return undefined
      }
      waiting.set(pending, bytes)
      line.bytes += bytes
      inAll.commands++
      inAll.bytes += bytes
      schedule(stream, line)
      return () => {
        if (!waiting.delete(pending)) return false
        line.bytes -= bytes
        left(1, bytes)
        return true
      }
    },
    run: (stream, work) => takeTurn(stream, lineOf(stream), work)
  }
}
