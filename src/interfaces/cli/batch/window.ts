import type { Writable } from 'node:stream'
import { write } from '../terminal/write.ts'

/** How many lines are in work at most, or are answered and not yet handed on. */
const maxLines = 256

/**
 * What these lines and their answers come to at most: UTF-16 units, or bytes. A single line may be larger, and so may answers
 * than they were taken to be.
 */
const maxSize = 16 * 1024 * 1024

/** Answers that are ready together are written together up to here: one by one costs many times as much. */
const chunkLength = 256 * 1024

/** What a line comes to, and what its answer is taken to come to until it is there. */
export type Load = { readonly line: number; readonly answer: number }

type Entry = { size: number; answer?: string }

/** Lines in work, whose answers are written in their order, each as soon as it and all before it are there. */
export type Window = {
  /** Waits until a line and its answer have room. False where it need not be begun: nobody reads the answers any more. */
  readonly room: (load: Load) => Promise<boolean>
  /** Takes a line that is in work. One that rejects is a defect: no answer after it is written. */
  readonly add: (load: Load, answer: Promise<string>) => void
  /** Waits until what is in work is done, and written as far as somebody reads it. Rejects by the first defect. */
  readonly end: () => Promise<void>
}

export const answersInOrder = (output: Writable): Window => {
  const entries: Array<Entry> = []
  let size = 0
  let inWork = 0
  let isOpen = true
  let writing = false
  let defect: { readonly cause: unknown } | undefined
  /** Wakes whoever waits: the one who reads lines, first for room and then for the end. */
  let wake = (): void => {}
  const moved = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
    })

  /** Takes the answers off that are ready, from the first on. */
  const ready = (): string => {
    let text = ''
    for (let first = entries[0]; first?.answer !== undefined; first = entries[0]) {
      text += first.answer
      size -= first.size
      entries.shift()
      if (text.length >= chunkLength) break
    }
    return text
  }

  const writeReady = async (): Promise<void> => {
    if (writing) return
    writing = true
    while (isOpen) {
      const text = ready()
      if (text === '') break
      if (!(await write(output, text))) isOpen = false
      wake()
    }
    writing = false
    wake()
  }

  const isFull = (more: number): boolean => entries.length > 0 && (entries.length >= maxLines || size + more > maxSize)

  return {
    room: async ({ line, answer }) => {
      while (isOpen && isFull(line + answer)) await moved()
      return isOpen
    },
    add: (load, answer) => {
      const entry: Entry = { size: load.line + load.answer }
      entries.push(entry)
      size += entry.size
      inWork++
      const settle = (): void => {
        inWork--
        // an answer that waits for its turn may have left room too
        wake()
        void writeReady()
      }
      answer.then(
        (text) => {
          entry.answer = text
          size += text.length - load.answer
          entry.size = load.line + text.length
          settle()
        },
        (cause) => {
          defect ??= { cause }
          isOpen = false
          settle()
        }
      )
    },
    end: async () => {
      while (inWork > 0 || writing) await moved()
      if (defect !== undefined) throw defect.cause
    }
  }
}
