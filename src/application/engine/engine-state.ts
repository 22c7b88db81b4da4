import type { Settings } from '../settings.ts'
import type { FoldCache } from '../stream/fold-cache.ts'
import type { PendingCounts } from './counts/pending-counts.ts'

/** What the loop works with: the settings, and what the process remembers between commands. */
export type EngineState = { readonly settings: Settings; readonly cache: FoldCache; readonly counts: PendingCounts }
