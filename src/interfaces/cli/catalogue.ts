import type { Command } from 'commander'
import type { Cli } from './cli.ts'

/** Adds the options of a command, and what it does. */
export type Define = (cli: Cli, command: Command) => void

/** A command: its name, its arguments and what it is about. The rest of it is loaded where it is asked for. */
export type Entry = {
  readonly name: string
  readonly args: string
  readonly about: string
  readonly load: () => Promise<Define>
}

/** Every command, in the order in which the help has them. Help is not kept waiting for what the commands work with. */
export const catalogue: ReadonlyArray<Entry> = [
  {
    name: 'reserve',
    args: '',
    about: 'ask whether a request was seen before, and claim its key',
    load: async () => (await import('./commands/reserve.ts')).reserveCommand
  },
  {
    name: 'complete',
    args: '',
    about: 'store what came of the work, under the claim of reserve',
    load: async () => (await import('./commands/complete.ts')).completeCommand
  },
  {
    name: 'release',
    args: '',
    about: 'give a claim back, so that the key can be reserved at once',
    load: async () => (await import('./commands/release.ts')).releaseCommand
  },
  {
    name: 'renew',
    args: '',
    about: 'prolong the lease of a claim',
    load: async () => (await import('./commands/renew.ts')).renewCommand
  },
  {
    name: 'recovery-point',
    args: '',
    about: 'write down how far the work under a claim got, for whoever takes over',
    load: async () => (await import('./commands/recovery-point.ts')).recoveryPointCommand
  },
  {
    name: 'in-doubt',
    args: '',
    about: 'say under a claim that nobody knows whether its effect happened: nobody takes over any more',
    load: async () => (await import('./commands/in-doubt.ts')).inDoubtCommand
  },
  {
    name: 'get',
    args: '',
    about: 'show the record of a key, or that there is none',
    load: async () => (await import('./commands/get.ts')).getCommand
  },
  {
    name: 'history',
    args: '',
    about: 'show every event of a key, oldest first',
    load: async () => (await import('./commands/history.ts')).historyCommand
  },
  {
    name: 'as-of',
    args: '',
    about: 'show a key as it stood at a moment',
    load: async () => (await import('./commands/as-of.ts')).asOfCommand
  },
  {
    name: 'diff',
    args: '',
    about: 'show what two moments of a key differ in',
    load: async () => (await import('./commands/diff.ts')).diffCommand
  },
  {
    name: 'explain',
    args: '',
    about: 'show what reserve would have answered at a moment, and why; nothing is written',
    load: async () => (await import('./commands/explain.ts')).explainCommand
  },
  {
    name: 'list',
    args: '',
    about: 'list the records of all keys that are held, by record id; from a view, or by a scan',
    load: async () => (await import('./commands/list.ts')).listCommand
  },
  {
    name: 'stuck',
    args: '',
    about: 'list the keys in flight of which nothing may come by itself, and why; from a view, or by a scan',
    load: async () => (await import('./commands/stuck.ts')).stuckCommand
  },
  {
    name: 'conflicts',
    args: '',
    about: 'count the requests that met a key used for another one, by operation and fingerprint',
    load: async () => (await import('./commands/conflicts.ts')).conflictsCommand
  },
  {
    name: 'stats',
    args: '',
    about: 'how keys stand, how many events came when, how long work took, and what came too late',
    load: async () => (await import('./commands/stats.ts')).statsCommand
  },
  {
    name: 'sweep',
    args: '',
    about: 'expire every key that is due by retention; from a view, or by a scan',
    load: async () => (await import('./commands/sweep.ts')).sweepCommand
  },
  {
    name: 'what-if',
    args: '',
    about: 'list the requests that another policy would have answered differently; nothing is written',
    load: async () => (await import('./commands/what-if.ts')).whatIfCommand
  },
  {
    name: 'verify',
    args: '',
    about: 'judge all that the store holds, or one key, and name what is wrong by key and revision',
    load: async () => (await import('./commands/verify.ts')).verifyCommand
  },
  {
    name: 'import',
    args: '<file>',
    about: 'bring the keys of the predecessor’s file in, all or none',
    load: async () => (await import('./commands/import.ts')).importCommand
  },
  {
    name: 'export',
    args: '[file]',
    about: 'write every key that is held, or every event, as the predecessor’s file, JSON lines or CSV',
    load: async () => (await import('./commands/export.ts')).exportCommand
  },
  {
    name: 'expire-by-operator',
    args: '',
    about: 'end a reservation by hand, saying who and why; the key is free again',
    load: async () => (await import('./commands/expire-by-operator.ts')).expireByOperatorCommand
  },
  {
    name: 'complete-by-operator',
    args: '',
    about: 'store an outcome by hand for a key in flight, saying who and why',
    load: async () => (await import('./commands/complete-by-operator.ts')).completeByOperatorCommand
  },
  {
    name: 'projections',
    args: '<action> [name] [record-id]',
    about: 'feed, rebuild, check and mend the views that reports are read from',
    load: async () => (await import('./commands/projections.ts')).projectionsCommand
  },
  {
    name: 'rebuild',
    args: '[names...]',
    about: 'build views anew beside the live ones, one after another: projections rebuild for several',
    load: async () => (await import('./commands/rebuild.ts')).rebuildCommand
  },
  {
    name: 'tail',
    args: '',
    about: 'show events as they are recorded, a line each, until it is stopped',
    load: async () => (await import('./commands/tail.ts')).tailCommand
  },
  {
    name: 'batch',
    args: '',
    about: 'answer newline-delimited JSON commands from stdin on stdout, one answer a line, in order',
    load: async () => (await import('./commands/batch.ts')).batchCommand
  },
  {
    name: 'doctor',
    args: '',
    about: 'look at the store and at what it runs on: what is wrong, and how to mend it; changes nothing',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand
  },
  {
    name: 'completion',
    args: '<shell>',
    about: 'print a script that completes commands and options for bash, zsh or fish',
    load: async () => (await import('./commands/completion.ts')).completionCommand
  },
  {
    name: 'demo',
    args: '',
    about: 'take real GitHub webhooks through the ledger: redeliveries, tampering, a killed worker',
    load: async () => (await import('./commands/demo.ts')).demoCommand
  }
]
