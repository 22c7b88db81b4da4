/** What versions of the server do differently. Each line names the first version that does so. */
export type Behaviour = {
  /** 24.2: a subscription goes live at what it was told last; before, after the last page that it read. */
  readonly subscribes: 'byPage' | 'byCheckpoint'
  /**
   * What a filtered subscription is told at the end of history: what it was sent last, which is 2^64 - 1 where nothing
   * was (24.2); at least the start of the last page (25.0.0); that, and never less than 0/0 (24.10.5 and 25.0.1).
   */
  readonly lastCheckpoint: 'sent' | 'pageStart' | 'passed'
  /** 24.10.4: metadata and types count towards the append limit too. */
  readonly countsAll: boolean
  /** 24.2: a read that does not say how to write ids is refused; before, it broke at its first event. */
  readonly needsIdOption: boolean
  /** 24.2: a read from nowhere is an empty answer, not an error. */
  readonly emptyFromNowhere: boolean
}

type Version = readonly [major: number, minor: number, patch: number]

const parsed = (version: string): Version => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0)
  return [major, minor, patch]
}

const since = ([major, minor, patch]: Version, [a, b, c]: Version): boolean =>
  major !== a ? major > a : minor !== b ? minor > b : patch >= c

const lastCheckpoint = (version: Version): Behaviour['lastCheckpoint'] => {
  if (since(version, [25, 0, 1])) return 'passed'
  if (since(version, [25, 0, 0])) return 'pageStart'
  return since(version, [24, 10, 5]) ? 'passed' : 'sent'
}

export const behaviourOf = (text: string): Behaviour => {
  const version = parsed(text)
  const isNew = since(version, [24, 2, 0])
  return {
    subscribes: isNew ? 'byCheckpoint' : 'byPage',
    lastCheckpoint: lastCheckpoint(version),
    countsAll: since(version, [24, 10, 4]),
    needsIdOption: isNew,
    emptyFromNowhere: isNew
  }
}
