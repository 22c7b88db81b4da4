import type { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js'
import { featuresPb } from './generated.ts'

const streamMethods: Readonly<Record<string, ReadonlyArray<string>>> = {
  append: [],
  batchappend: ['deadline_duration'],
  delete: [],
  read: ['position', 'events'],
  tombstone: []
}

const supported = ([name, features]: [string, ReadonlyArray<string>]): SupportedMethod =>
  new featuresPb.SupportedMethod()
    .setServiceName('event_store.client.streams.streams')
    .setMethodName(name)
    .setFeaturesList([...features])

/** What the client chooses its RPCs by. Names are compared in lower case. */
export const supportedMethods = (version: string): SupportedMethods =>
  new featuresPb.SupportedMethods()
    .setEventStoreServerVersion(version)
    .setMethodsList(Object.entries(streamMethods).map(supported))
