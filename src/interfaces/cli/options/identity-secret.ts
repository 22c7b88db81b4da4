import type { CliDeps } from '../deps.ts'

/** The secret under which record ids are made, where there is one. It comes from the environment alone: who runs `ps` sees the rest. */
export const identitySecretIn = (env: CliDeps['env']): string | undefined =>
  env['KEYFOLD_IDENTITY_SECRET'] === '' ? undefined : env['KEYFOLD_IDENTITY_SECRET']
