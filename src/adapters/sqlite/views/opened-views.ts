import type { StoreError } from '../../../application/ports/event-store.ts'
import type { ViewsBesideLog } from '../../../application/ports/inline.ts'
import type { Connection } from '../connection.ts'

/** A file of views, open. `path` is absolute: another connection looks at it for a snapshot. */
export type OpenedViews = {
  readonly connection: Connection
  readonly path: string
  /** Whether it is still the file that was opened, where that matters to others than its views. */
  readonly unusable: () => StoreError | undefined
  /** Whether it goes on as it was, as seen from within a transaction. Throws what SQLite throws. */
  readonly broken: () => StoreError | undefined
  /** The log that the views are of, where it is in the same file. */
  readonly log: Pick<ViewsBesideLog, 'readLog' | 'holds' | 'reaches'> | undefined
  readonly close: () => Promise<void>
}
