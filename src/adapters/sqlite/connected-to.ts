import * as E from 'fp-ts/Either'
import type { Connect, Connection } from './connection.ts'

/** Connects to a file, and makes something of the connection, which is closed where nothing comes of it. */
export const connectedTo = <Err, A>(
  connect: Connect,
  location: string,
  make: (connection: Connection) => E.Either<Err, A>
): E.Either<Err, A> => {
  const connection = connect(location)
  let made: E.Either<Err, A> | undefined
  try {
    made = make(connection)
    return made
  } finally {
    if (made === undefined || E.isLeft(made)) connection.close()
  }
}
