/** What can be done to a node. */
export type Verb = 'stop' | 'start' | 'kill' | 'freeze' | 'thaw'

/** A cluster under test. Nodes are counted from 1, as its connection string names them. */
export type Cluster = {
  readonly connection: string
  readonly nodes: number
  /** Which node most of them say leads, where they agree. */
  readonly leader: () => Promise<number | undefined>
  /** Throws where that cannot be done. */
  readonly act: (verb: Verb, node: number) => Promise<void>
  readonly end: () => Promise<void>
}
