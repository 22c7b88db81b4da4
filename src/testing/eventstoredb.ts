export type { Call, OpenStream, Rpc } from './eventstoredb-stand-in/calls.ts'
export type { Expected } from './eventstoredb-stand-in/check-commit.ts'
export type { Role } from './eventstoredb-stand-in/cluster.ts'
export type { LoggedEvent, ProposedEvent } from './eventstoredb-stand-in/events.ts'
export type {
  Fault,
  FaultAction,
  FaultMoment,
  Faults,
  ScriptedFault,
  ServerError
} from './eventstoredb-stand-in/faults.ts'
export type { Quirks } from './eventstoredb-stand-in/quirks.ts'
export { startStandIn } from './eventstoredb-stand-in/stand-in.ts'
export type { StandIn, StandInOptions } from './eventstoredb-stand-in/stand-in-api.ts'
