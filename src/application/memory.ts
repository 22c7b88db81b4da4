import type { FoldCache } from './fold-cache.ts'
import type { PendingCounts } from './pending-counts.ts'
import type { Settings } from './settings.ts'

/** What the loop works with: the settings, and what the process remembers between commands. */
export type Memory = { readonly settings: Settings; readonly cache: FoldCache; readonly counts: PendingCounts }
