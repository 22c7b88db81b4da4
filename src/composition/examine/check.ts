import type { Check } from '../../interfaces/cli/deps.ts'

export const ok = (what: string, found: string): Check => ({ what, state: 'ok', found })
export const warn = (what: string, found: string, mend: string): Check => ({ what, state: 'warn', found, mend })
export const fail = (what: string, found: string, mend: string): Check => ({ what, state: 'fail', found, mend })
