import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'

export const disposedOf: StoreError = failure('StoreUnavailable', 'the store is disposed of')
