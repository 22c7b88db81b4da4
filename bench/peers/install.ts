import { resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import { command } from '../harness/command.ts'

/** The package of the peers. `npm run bench` runs in the folder of the project. */
export const peersFolder = resolve('bench/peers')

/** Installs what the lock file names, into the folder of the peers. No script of theirs runs. */
export const installPeers = async (): Promise<E.Either<string, void>> =>
  E.map(() => undefined)(await command('npm', ['ci', '--ignore-scripts', '--prefer-offline'], peersFolder))
