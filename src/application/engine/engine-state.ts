import type { FoldCache } from '../stream/fold-cache.ts'
import type { PendingCounts } from './counts/pending-counts.ts'
import type { Settings } from '../settings.ts'

/** What the loop works with: the settings, and what the process remembers between commands. */
export type Memory = { readonly settings: Settings; readonly cache: FoldCache; readonly counts: PendingCounts }
