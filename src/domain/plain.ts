import type { Brand } from 'io-ts'
import type { Json } from './json.ts'

/**
 * The same type with plain numbers and strings where keyfold has branded ones: what a caller can write down. What comes
 * back is branded, since it was checked.
 */
export type Plain<T> =
  T extends Brand<infer _>
    ? T extends number
      ? number
      : string
    : T extends object
      ? { readonly [K in keyof T]: Json extends T[K] ? T[K] : Plain<T[K]> }
      : T
