import * as t from 'io-ts'

/** A codec that only reads: what was stored is never encoded anew, so that unknown fields survive. */
export const stored = <A>(codec: {
  readonly name: string
  readonly is: t.Is<A>
  readonly validate: t.Validate<unknown, A>
}): t.Type<A, unknown> => new t.Type<A, unknown>(codec.name, codec.is, codec.validate, (a) => a)
