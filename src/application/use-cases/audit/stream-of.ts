import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { streamName } from '../../../domain/identity.ts'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import { keyRef } from '../../requests/key-ref.ts'
import { keyRefMembers } from '../../requests/members.ts'
import { parseRequest } from '../../requests/parse-request.ts'
import type { KeyRef } from '../../requests/requests.ts'
import type { Settings } from '../../settings.ts'

/** The stream of the one key that is asked for, however it is given; none where all are. */
export const streamOf = (settings: Settings, of: KeyRef | undefined): Parsed<string | undefined> =>
  of === undefined
    ? E.right(undefined)
    : pipe(
        parseRequest(settings, keyRef, of, keyRefMembers),
        E.map((recordId) => streamName(settings.category, recordId))
      )
