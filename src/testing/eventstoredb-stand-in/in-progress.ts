import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServiceError,
  sendUnaryData
} from '@grpc/grpc-js'

/** The calls of a server that have no end yet. */
export type InProgress = {
  readonly unary: <A, B>(handle: handleUnaryCall<A, B>) => handleUnaryCall<A, B>
  readonly clientStream: <A, B>(handle: handleClientStreamingCall<A, B>) => handleClientStreamingCall<A, B>
  readonly serverStream: <A, B>(handle: handleServerStreamingCall<A, B>) => handleServerStreamingCall<A, B>
  readonly bidi: <A, B>(handle: handleBidiStreamingCall<A, B>) => handleBidiStreamingCall<A, B>
  /** Ends them all with one error. */
  readonly endAll: (error: ServiceError) => void
}

type Emitter = { once(event: 'cancelled' | 'finish' | 'error', listener: () => void): unknown }

export const inProgress = (): InProgress => {
  const ends = new Set<(error: ServiceError) => void>()

  const single =
    <Wire extends Emitter, Answer>(handle: (wire: Wire, callback: sendUnaryData<Answer>) => void) =>
    (wire: Wire, callback: sendUnaryData<Answer>): void => {
      const once: sendUnaryData<Answer> = (...answer) => {
        if (ends.delete(end)) callback(...answer)
      }
      const end = (error: ServiceError): void => once(error)
      ends.add(end)
      wire.once('cancelled', () => ends.delete(end))
      handle(wire, once)
    }

  const many =
    <Wire extends Emitter & { emit(event: 'error', error: ServiceError): unknown }>(handle: (wire: Wire) => void) =>
    (wire: Wire): void => {
      const end = (error: ServiceError): void => void wire.emit('error', error)
      const forget = (): void => void ends.delete(end)
      ends.add(end)
      wire.once('cancelled', forget)
      wire.once('finish', forget)
      wire.once('error', forget)
      handle(wire)
    }

  return {
    unary: single,
    clientStream: single,
    serverStream: many,
    bidi: many,
    endAll: (error) => {
      for (const end of [...ends]) end(error)
    }
  }
}
