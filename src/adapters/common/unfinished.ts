import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'

/** The caller's own failure to hand over what was to be appended. */
export const unfinished = (cause: unknown): StoreError =>
  failure('Aborted', 'the appends broke off before their end; nothing was written', { cause })
