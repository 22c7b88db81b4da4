import { randomUUID } from 'node:crypto'
import type { Random } from '../../application/ports/random.ts'

export const nodeRandom: Random = { uuid: () => randomUUID(), fraction: () => Math.random() }
