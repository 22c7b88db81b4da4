import * as E from 'fp-ts/Either'
import { failure } from '../../../domain/failure.ts'
import { type QueuedCommand, weightOf } from './queued-command.ts'

const maxCommands = 512

/** The most that commands weigh that share an append, bytes. */
export const maxWeight = 512 * 1024

/** How much waits at most, on one key and in the whole process: commands, and bytes of what they say. */
const maxOnKey = { commands: 10_000, bytes: 32 * 1024 * 1024 }
const maxInAll = { commands: 100_000, bytes: 256 * 1024 * 1024 }

/** With fewer in the process a command that waits for no other is not worth weighing. */
const few = 1000

/** Commands in the order of their coming, with those that were withdrawn still among them. */
type Waiting = Array<QueuedCommand>

type Batch = { readonly commands: ReadonlyArray<QueuedCommand>; readonly bytes: number }

/** Takes as many waiting commands as one append may carry; a single large one goes alone. */
const takeBatch = (line: Line, maxBytes: number): Batch => {
  const { waiting } = line
  const alone = line.commands === 1
  const commands: Array<QueuedCommand> = []
  let passed = 0
  let weight = 0
  let bytes = 0
  for (const queued of waiting) {
    if (!queued.course.withdrawn) {
      if (!alone) weight += weightOf(queued)
      if (commands.length === maxCommands || (commands.length > 0 && weight > maxBytes)) break
      queued.course.taken = true
      commands.push(queued)
      bytes += queued.course.bytes
    }
    passed++
  }
  waiting.splice(0, passed)
  line.commands -= commands.length
  line.bytes -= bytes
  return { commands, bytes }
}

/** Those that were withdrawn are cleared away once they are the most: each is looked at a few times at most. */
const clear = (line: Line): void => {
  if (line.waiting.length < 2 * line.commands + maxCommands) return
  line.waiting = line.waiting.filter(({ course }) => !course.withdrawn)
}

/** The commands of this process, queued by key: those of one key are decided one after another, keys are apart. */
export type KeyQueue = {
  /** Takes a command, and gives it its way to withdraw. False, and nothing is taken, where too much waits already. */
  readonly push: (stream: string, queued: QueuedCommand) => boolean
}

/** What waits on one key. It is there while a turn takes what waits. */
type Line = {
  waiting: Waiting
  /** How many wait that were not withdrawn, and what they weigh. */
  commands: number
  bytes: number
}

/**
 * `process` gets the commands of one key that waited together and weigh `maxBytes` at most. While an attempt is in
 * doubt, later ones wait.
 */
export const keyQueue = (
  maxBytes: number,
  process: (stream: string, batch: ReadonlyArray<QueuedCommand>) => Promise<void>
): KeyQueue => {
  const lines = new Map<string, Line>()
  const asked = Promise.resolve()
  const inAll = { commands: 0, bytes: 0 }

  const left = (commands: number, bytes: number): void => {
    inAll.commands -= commands
    inAll.bytes -= bytes
  }

  /**
   * Takes one batch after another until nothing waits; what comes meanwhile is in the next. By callbacks, since most keys have
   * one command: an `async` loop for each of them was a tenth of what a command makes.
   */
  const takeNext = (stream: string, line: Line): void => {
    if (line.commands === 0) {
      lines.delete(stream)
      return
    }
    const { commands, bytes } = takeBatch(line, maxBytes)
    const over = (): void => {
      left(commands.length, bytes)
      takeNext(stream, line)
    }
    process(stream, commands).then(over, (cause) => {
      // a port that throws breaks its contract; nobody may be left waiting for ever because of it
      const error = failure('StoreUnavailable', 'the command broke off in a way that it should not', { cause })
      for (const { settle } of commands) settle(E.left(error))
      over()
    })
  }

  return {
    push: (stream, queued) => {
      const there = lines.get(stream)
      const { course } = queued
      const line = there ?? { waiting: [], commands: 0, bytes: 0 }
      const bytes = line.commands > 0 || inAll.commands >= few ? weightOf(queued) : 0
      const fits =
        line.commands < maxOnKey.commands &&
        line.bytes + bytes <= maxOnKey.bytes &&
        inAll.commands < maxInAll.commands &&
        inAll.bytes + bytes <= maxInAll.bytes
      if (!fits) return false
      course.bytes = bytes
      line.waiting.push(queued)
      line.commands++
      line.bytes += bytes
      inAll.commands++
      inAll.bytes += bytes
      queued.withdraw = () => {
        if (course.taken || course.withdrawn) return false
        course.withdrawn = true
        line.commands--
        line.bytes -= bytes
        left(1, bytes)
        clear(line)
        return true
      }
      if (there === undefined) {
        lines.set(stream, line)
        // what is asked for in one go goes together
        void asked.then(() => takeNext(stream, line))
      }
      return true
    }
  }
}
