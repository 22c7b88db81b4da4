import type { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js'
import { clientServices, featuresPb } from './generated.ts'

/** A service that no client of ours knows, and that servers tell of. */
const redaction = ['GetEventPositions', 'SwitchChunks'].map((name) => `/event_store.client.redaction.Redaction/${name}`)

const featuresOf = (service: string, method: string): string[] => {
  if (service.endsWith('.persistentsubscriptions')) return ['stream', 'all']
  if (!service.endsWith('.streams')) return []
  if (method === 'read') return ['position', 'events']
  return method === 'batchappend' ? ['deadline_duration'] : []
}

const supported = (path: string): SupportedMethod => {
  const [, service = '', method = ''] = path.toLowerCase().split('/')
  return new featuresPb.SupportedMethod()
    .setServiceName(service)
    .setMethodName(method)
    .setFeaturesList(featuresOf(service, method))
}

/** What the client chooses its RPCs by: all that a server has, in lower case, whether this one has it or not. */
export const supportedMethods = (version: string): SupportedMethods => {
  const paths = clientServices.flatMap((service) => Object.values(service).map(({ path }) => path))
  return new featuresPb.SupportedMethods()
    .setEventStoreServerVersion(version)
    .setMethodsList([...paths, ...redaction].map(supported))
}
