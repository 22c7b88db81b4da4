import type { AppendReq } from '@eventstore/db-client/generated/streams_pb.js'
import type { Append, ProposedEvent } from '../../../application/ports/event-store.ts'
import type { ExpectedRevision } from '../../../domain/expected-revision.ts'
import { utf8 } from '../calls/utf8.ts'
import { sharedPb, streamsPb } from '../client/generated.ts'

/** Always explicit: "any" is what a server assumes, under which rivals all win. */
const expecting = (options: AppendReq.Options, expected: ExpectedRevision): AppendReq.Options =>
  expected._tag === 'NoStream'
    ? options.setNoStream(new sharedPb.Empty())
    : options.setRevision(String(expected.revision))

const header = ({ stream, expected }: Append): AppendReq => {
  const identifier = new sharedPb.StreamIdentifier().setStreamName(utf8(stream))
  const options = new streamsPb.AppendReq.Options().setStreamIdentifier(identifier)
  return new streamsPb.AppendReq().setOptions(expecting(options, expected))
}

const entry = ({ id, type, data, metadata }: ProposedEvent): AppendReq => {
  const message = new streamsPb.AppendReq.ProposedMessage()
    .setId(new sharedPb.UUID().setString(id))
    .setData(utf8(data))
    .setCustomMetadata(utf8(metadata))
  message.getMetadataMap().set('type', type).set('content-type', 'application/json')
  return new streamsPb.AppendReq().setProposedMessage(message)
}

/** An append as it goes over the wire: where to, then its events, their texts as the bytes that they are. */
export const appendMessages = (append: Append): ReadonlyArray<AppendReq> => [
  header(append),
  ...append.events.map(entry)
]
