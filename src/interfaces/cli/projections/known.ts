import * as E from 'fp-ts/Either'
import type { Projection } from '../../../application/projections/projection.ts'
import { shipped } from '../../../application/projections/shipped/shipped.ts'
import { invalidInput } from '../../../domain/failure.ts'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import { quoted } from '../../../domain/text.ts'

/** The projection of a name, or which ones there are. */
export const knownProjection = (name: string | undefined): Parsed<Projection<unknown>> => {
  const found = name === undefined ? undefined : shipped.get(name)
  if (found !== undefined) return E.right(found)
  const names = [...shipped.keys()].join(', ')
  const given = name === undefined ? 'none was named' : `"${quoted(name)}" is none`
  return E.left(invalidInput(`a projection is wanted, and ${given}; there are: ${names}`))
}
