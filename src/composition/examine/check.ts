import type { Check } from '../../interfaces/cli/deps.ts'

export const ok = (what: string, found: string): Check => ({ what, state: 'ok', found })
export const warn = (what: string, found: string, mend: string): Check => ({ what, state: 'warn', found, mend })
export const fail = (what: string, found: string, mend: string): Check => ({ what, state: 'fail', found, mend })

/** Of a store that an earlier keyfold made: to open it would be to change it. */
export const migrates = (what: string, found: string): Check =>
  warn(what, found, 'the next command that opens it migrates it; it is not looked into before that')
