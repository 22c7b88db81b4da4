import * as E from 'fp-ts/Either'
import { type Failure, failure, invalidInput } from '../../domain/failure.ts'
import type { Checkpoint, Generation, ParkedKey, ViewStore } from '../ports/view-store.ts'
import { type Projection, shapeOf } from './projection.ts'
import { buildGone, isGone } from './view-sink.ts'

/** The live build of a name, if there is one. */
export const liveOf = async (views: ViewStore, name: string): Promise<E.Either<Failure, Generation | undefined>> => {
  const all = await views.generations(name)()
  return E.isLeft(all) ? all : E.right(all.right.find(({ standing }) => standing === 'live'))
}

/** So many builds may take each other's place while one question is asked. */
const mostBuilds = 20

/** What is asked of the live build of a name, and anew where that is gone meanwhile, since another one took its place. */
export const askingLive = async <A>(
  name: string,
  ask: () => Promise<E.Either<Failure, A>>
): Promise<E.Either<Failure, A>> => {
  for (let n = 1; ; n++) {
    const done = await ask()
    if (E.isRight(done) || n === mostBuilds || !isGone(done.left, name)) return done
  }
}

/** How a build stands: how far it has come, and the keys that wait. */
export type Standing = { readonly checkpoints: ReadonlyArray<Checkpoint>; readonly parked: ReadonlyArray<ParkedKey> }

/** A build that is gone has no keys that wait either: only its checkpoints, which are asked for after them, tell. */
export const standingOf = async (
  views: ViewStore,
  { id, name, partitions }: Generation
): Promise<E.Either<Failure, Standing>> => {
  const parked = await views.parked(id)()
  if (E.isLeft(parked)) return parked
  const checkpoints = await views.checkpoints(id)()
  if (E.isLeft(checkpoints)) return checkpoints
  return checkpoints.right.length === partitions
    ? E.right({ checkpoints: checkpoints.right, parked: parked.right })
    : E.left(buildGone(name))
}

export const noView = (name: string): Failure => invalidInput(`there is no view ${name}`, '$.name')

/** What speaks against a build that is there: it is of another category, or of another version of the projection. */
export const buildFault = <S>(
  { name, version }: Projection<S>,
  category: string,
  build: Generation
): Failure | undefined => {
  if (build.category !== category) {
    return invalidInput(`the view ${name} is of the category "${build.category}", not of "${category}"`, '$.category')
  }
  if (build.version > version) {
    return failure(
      'UnsupportedVersion',
      `the view ${name} is of version ${build.version}, which is newer than this projection's version ${version}`
    )
  }
  return build.version < version
    ? failure(
        'UnsupportedVersion',
        `the view ${name} is of version ${build.version}, and the projection of version ${version}: rebuild it`
      )
    : undefined
}

/** The live build of a projection for its readers; `InvalidInput` where there is none, or what speaks against it. */
export const standingBuild = async <S>(
  projection: Projection<S>,
  category: string,
  views: ViewStore
): Promise<E.Either<Failure, Generation>> => {
  const found = await liveOf(views, projection.name)
  if (E.isLeft(found)) return found
  if (found.right === undefined) return E.left(noView(projection.name))
  const fault = buildFault(projection, category, found.right)
  return fault === undefined ? E.right(found.right) : E.left(fault)
}

/**
 * The live build of a projection, which is made where there is none. `UnsupportedVersion` where it is of another version,
 * `InvalidInput` where it is of another category or has other partitions: only a rebuild changes these.
 */
export const liveBuild = async <S>(
  projection: Projection<S>,
  category: string,
  views: ViewStore,
  partitions: number
): Promise<E.Either<Failure, Generation>> => {
  const { name, version } = projection
  const found = await liveOf(views, name)
  if (E.isLeft(found)) return found
  const build = found.right
  if (build === undefined) {
    const made = await views.create({ name, version, category, partitions, standing: 'live' }, shapeOf(projection))()
    if (E.isRight(made) || made.left._tag !== 'Contended') return made
    // somebody else was quicker
    return liveBuild(projection, category, views, partitions)
  }
  const fault = buildFault(projection, category, build)
  if (fault !== undefined) return E.left(fault)
  return build.partitions === partitions
    ? E.right(build)
    : E.left(
        invalidInput(`the view ${name} has ${build.partitions} partitions: only a rebuild changes that`, '$.partitions')
      )
}
