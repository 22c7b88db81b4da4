import type { Output, Outside } from '../deps.ts'

/** `terminal` has tables, `plain` has tab-separated lines for other programs, `json` has one document. */
export type Mode = {
  readonly form: 'terminal' | 'plain' | 'json'
  readonly colour: boolean
  readonly lineLength?: number | undefined
  /** Whether times are those of the clock on the wall, and not of UTC. */
  readonly local?: boolean
}

/** What suits a stream: NO_COLOR (https://no-color.org) and FORCE_COLOR are respected. */
export const modeFor = (stream: Output, env: Outside['env'], json: boolean): Mode => {
  if (json) return { form: 'json', colour: false }
  const terminal = stream.isTTY === true && env['TERM'] !== 'dumb'
  const force = env['FORCE_COLOR'] ?? ''
  const colour = (env['NO_COLOR'] ?? '') === '' && force !== '0' && (terminal || force !== '')
  // a terminal that was not told its size says 0
  return terminal ? { form: 'terminal', colour, lineLength: stream.columns || undefined } : { form: 'plain', colour }
}
