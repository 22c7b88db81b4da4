import { randomUUID } from 'node:crypto'
import type { Random } from '../../application/ports/random.ts'
import { ownText } from '../../domain/own-text.ts'

// Node puts a UUID together of twenty pieces, which V8 keeps until somebody reads it as one text: 480 bytes in place of 90
const uuid = (): string => ownText(randomUUID())

export const nodeRandom: Random = { uuid, fraction: () => Math.random() }
