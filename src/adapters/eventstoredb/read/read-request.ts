import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js'
import type { Direction } from '../../../application/ports/event-store.ts'
import { utf8 } from '../calls/utf8.ts'
import { sharedPb, streamsPb } from '../client/generated.ts'
import type { LogPosition } from './position.ts'

const { Options } = streamsPb.ReadReq

/** One checkpoint for every so many windows of 32 events that the server looks at. */
const checkpointInterval = 32

const empty = () => new sharedPb.Empty()

const request = (options: ReadReq.Options): ReadReq =>
  new streamsPb.ReadReq().setOptions(options.setUuidOption(new Options.UUIDOption().setString(empty())))

const fromInLog = (from: LogPosition | 'start'): ReadReq.Options.AllOptions =>
  from === 'start'
    ? new Options.AllOptions().setStart(empty())
    : new Options.AllOptions().setPosition(
        new Options.Position().setCommitPosition(String(from.commit)).setPreparePosition(String(from.prepare))
      )

export const streamRequest = (
  stream: string,
  direction: Direction,
  from: bigint | 'start' | 'end',
  count: number
): ReadReq => {
  const options = new Options.StreamOptions().setStreamIdentifier(
    new sharedPb.StreamIdentifier().setStreamName(utf8(stream))
  )
  if (from === 'start') options.setStart(empty())
  else if (from === 'end') options.setEnd(empty())
  else options.setRevision(String(from))
  return request(
    new Options()
      .setStream(options)
      .setReadDirection(direction === 'forwards' ? 0 : 1)
      .setCount(String(count))
      .setNoFilter(empty())
  )
}

/** Forwards, from a position on, that included. */
export const logRequest = (from: LogPosition | 'start', count: number): ReadReq =>
  request(new Options().setAll(fromInLog(from)).setReadDirection(0).setCount(String(count)).setNoFilter(empty()))

/** All that comes behind a position, in streams whose name starts with the prefix. */
export const subscriptionRequest = (after: LogPosition | 'start', streamPrefix: string): ReadReq =>
  request(
    new Options()
      .setAll(fromInLog(after))
      .setSubscription(new Options.SubscriptionOptions())
      .setFilter(
        new Options.FilterOptions()
          .setStreamIdentifier(new Options.FilterOptions.Expression().setPrefixList([streamPrefix]))
          .setCount(empty())
          .setCheckpointintervalmultiplier(checkpointInterval)
      )
  )
