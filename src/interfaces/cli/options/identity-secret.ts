import type { Failure } from '../../../domain/failure.ts'
import type { CliDeps } from '../deps.ts'
import { notIntact } from '../input/intact.ts'

/** The secret under which record ids are made, where there is one. It comes from the environment alone: who runs `ps` sees the rest. */
export const identitySecretIn = (env: CliDeps['env']): string | undefined =>
  env['KEYFOLD_IDENTITY_SECRET'] === '' ? undefined : env['KEYFOLD_IDENTITY_SECRET']

/** Why it is no secret, if so: others that were not UTF-8 either would be the same one. */
export const identitySecretFault = (env: CliDeps['env']): Failure | undefined =>
  notIntact(identitySecretIn(env) ?? '', 'KEYFOLD_IDENTITY_SECRET')
