import { randomUUID } from 'node:crypto'
import { type ProposedEvent, systemEvent } from './events.ts'

/** What the server tells itself about a term of office; the record before the event holds the same. */
const epochBytes = 191
export const epochRecordSize = BigInt(40 + epochBytes)

export const epochStream = '$epoch-information'

export const epochEvent = (epochPosition: bigint, epochNumber: number, now: number): ProposedEvent => {
  const json = JSON.stringify({
    epochPosition: Number(epochPosition),
    epochNumber,
    epochId: randomUUID(),
    timeStamp: new Date(now).toISOString(),
    leaderInstanceId: randomUUID()
  })
  return systemEvent(epochStream, json.padEnd(epochBytes))
}

export const scavengesMetastream = '$$$scavenges'
export const scavengesMetadata = (): ProposedEvent => systemEvent('$metadata', '{"$maxAge":2592000}')

const checkpointsOfAll = /^\$persistentsubscription-\$all::.*-(?:checkpoint|parked)$/s

/** What nobody is shown who reads the whole log. */
export const isHiddenInAll = (stream: string): boolean => stream === epochStream || checkpointsOfAll.test(stream)
