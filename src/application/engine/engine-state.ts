import type { Settings } from '../settings.ts'
import type { FoldCache } from '../stream/fold-cache.ts'
import type { WaitingCounts } from './counts/waiting-counts.ts'

/** What the loop works with: the settings, and what the process remembers between commands. */
export type EngineState = { readonly settings: Settings; readonly cache: FoldCache; readonly counts: WaitingCounts }
