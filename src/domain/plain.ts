import type { Brand } from 'io-ts'

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
      ? { readonly [K in keyof T]: K extends 'details' ? T[K] : Plain<T[K]> }
      : T
