import type { Timer } from '../../ports/timer.ts'

/** How far an import is: how many of its records were checked, and how many of those that it brings in were written. */
export type ImportProgress = {
  /** How many records were checked. */
  readonly checked: number
  /** How many of those that are brought in were written. */
  readonly written: number
}

export type Progress = {
  readonly checked: () => Promise<void>
  readonly written: () => Promise<void>
  /** Tells where it stands where that was not told yet. */
  readonly tell: () => void
}

/** Every so many records the caller is told, and others get their turn. */
const yieldEvery = 200

export const progressOf = (timer: Timer, told: (progress: ImportProgress) => void = () => undefined): Progress => {
  let checked = 0
  let written = 0
  let last = 0
  const tell = (): void => {
    if (checked + written === last) return
    last = checked + written
    try {
      told({ checked, written })
    } catch {
      // what the listener throws is its own affair; half an import would be everybody's
    }
  }
  const go = async (): Promise<void> => {
    if ((checked + written) % yieldEvery !== 0) return
    tell()
    await timer.sleep(0)()
  }
  return {
    checked: () => {
      checked++
      return go()
    },
    written: () => {
      written++
      return go()
    },
    tell
  }
}
