import { randomUUID } from 'node:crypto'
import type { Chance } from '../../application/ports/random.ts'

export const nodeChance: Chance = { uuid: () => randomUUID(), fraction: () => Math.random() }
