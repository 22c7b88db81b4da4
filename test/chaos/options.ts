import { parseArgs } from 'node:util'
import { isKind, type Kind, kinds } from './strikes.ts'

export type Options = {
  /** Three stand-ins in this process where there is none. */
  readonly connection: string | undefined
  /** What strikes nodes; the project's containers where there is none. */
  readonly strike: string | undefined
  readonly seconds: number
  readonly kinds: ReadonlyArray<Kind>
  /** Of the ledgers, and of their stores, ms. */
  readonly deadlineMs: number
  readonly storeDeadlineMs: number | undefined
}

export const usage = `usage: npm run chaos -- [--connection esdb://a,b,c [--strike CMD]] [--seconds 120]
         [--kinds restart,kill,freeze] [--deadline MS] [--store-deadline MS]
  without --connection three stand-ins are started; CMD is called as "CMD stop|start|kill|freeze|thaw N"`

const numberIn = (name: string, text: string, least: number, most: number): number => {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw new Error(`--${name} must be a whole number from ${least} to ${most}`)
}

const kindsIn = (text: string): ReadonlyArray<Kind> => {
  const names = text.split(',')
  if (!names.every(isKind)) throw new Error(`--kinds must be some of ${Object.keys(kinds).join(',')}`)
  return names
}

/** Throws where the arguments make no sense. */
export const optionsIn = (args: ReadonlyArray<string>): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      connection: { type: 'string' },
      strike: { type: 'string' },
      seconds: { type: 'string', default: '120' },
      kinds: { type: 'string', default: Object.keys(kinds).join(',') },
      deadline: { type: 'string', default: '10000' },
      'store-deadline': { type: 'string' }
    }
  })
  const { connection, strike, 'store-deadline': storeDeadline } = values
  if (strike !== undefined && connection === undefined) throw new Error('--strike needs a --connection to be struck')
  if (strike !== undefined && strike.trim() === '') throw new Error('--strike is empty')
  return {
    connection,
    strike,
    seconds: numberIn('seconds', values.seconds, 1, 1800),
    kinds: kindsIn(values.kinds),
    deadlineMs: numberIn('deadline', values.deadline, 100, 600_000),
    storeDeadlineMs: storeDeadline === undefined ? undefined : numberIn('store-deadline', storeDeadline, 100, 600_000)
  }
}
