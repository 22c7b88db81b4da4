import * as t from 'io-ts'

/** A codec that is its own rule: what holds is taken as it is. */
export const codecOf = <A>(name: string, is: t.Is<A>): t.Type<A, A, unknown> =>
  new t.Type<A, A, unknown>(
    name,
    is,
    (value, context) => (is(value) ? t.success(value) : t.failure(value, context)),
    t.identity
  )
