import type { Settings } from '../settings.ts'
import { type DecodedEvent, genesisHash } from './event-text.ts'

/**
 * Whether an event can be the first of what is left of a stream. Above revision 0 that is only so where the store lets a
 * deleted stream go on: with the hash of a stream's beginning, by whoever did not know what was there before; or with the
 * hash of an event that is gone, by whoever did. Such an event must hold all that its state needs.
 */
export const mayBegin = (
  { sha256, store }: Pick<Settings, 'sha256'> & { readonly store: Pick<Settings['store'], 'continuesAfterDelete'> },
  { recorded, metadata, event }: Pick<DecodedEvent, 'recorded' | 'metadata' | 'event'>
): boolean => {
  const isFirst = metadata.previousHash === genesisHash(sha256, recorded.stream)
  if (recorded.revision === 0n || store.continuesAfterDelete !== true) return isFirst && recorded.revision === 0n
  return isFirst || event.type === 'Reserved' || event.type === 'Imported'
}
