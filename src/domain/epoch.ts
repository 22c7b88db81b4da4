import { codecOf } from './codec-of.ts'

const isEpoch = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0

/**
 * Which reservation of its key: a safe integer from 1 on. Beyond them `epoch + 1` may be the same number again, and the
 * fence would not tell two reservations apart.
 */
export const Epoch = codecOf('Epoch', isEpoch)

/** The epoch of the last reservation: 0 where there was none. */
export const LastEpoch = codecOf('LastEpoch', (value): value is number => value === 0 || isEpoch(value))

/** The epoch of the next reservation, or undefined where they are used up. */
export const nextEpoch = (last: number): number | undefined => (isEpoch(last + 1) ? last + 1 : undefined)
