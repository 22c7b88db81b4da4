import type { EventStore } from '../../application/ports/event-store.ts'

/** What the suite needs of a test runner: vitest, jest and node:test all have it. */
export type Runner = {
  /** Groups tests under a name. */
  readonly describe: (name: string, body: () => void) => void
  /** One test, which fails by throwing. */
  readonly it: (name: string, body: () => Promise<void>) => void
}

/** What a store has beyond what every store has. The suite holds it to exactly what is declared. */
export type Capabilities = {
  /** It appends to several streams in one transaction: `appendAtomically`. */
  readonly atomic: boolean
  /** It limits the bytes of one append: `maxAppendBytes`. The suite needs 131,072 or more. */
  readonly limited: boolean
  /** It tells whether events were removed: `isRemoved`. Where it is left out nobody looks. */
  readonly removable?: boolean
  /** It tells from when on its reads are current: `confirmCurrent`. Where it is left out nobody looks. */
  readonly confirming?: boolean
}

/** How the suite gets at the store that it is to hold to the contract. */
export type Harness = {
  /** A store with nothing in it. */
  readonly open: () => Promise<EventStore>
  /** A second way to what the store that was opened last holds: it is opened while that one is open. */
  readonly openAgain: () => Promise<EventStore>
  /** What the store has beyond what every store has. */
  readonly capabilities: Capabilities
}
