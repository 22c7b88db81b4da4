import { type EventStoreDBClient, jsonEvent } from '@eventstore/db-client'

/** Lets a group read the log: for `list`, `export` and subscriptions. Name everybody who is to: it replaces who could. */
export const letReadTheLog = async (admin: EventStoreDBClient, group: string) => {
  await admin.setStreamMetadata('$all', { acl: { readRoles: ['$admins', group] } })
}

/** Leaves deleting streams, and saying who may use them, to administrators: keyfold does neither. For all streams at once. */
export const protectStreams = async (admin: EventStoreDBClient) => {
  const user = { $r: '$all', $w: '$all', $d: '$admins', $mr: '$all', $mw: '$admins' }
  const system = { $r: '$admins', $w: '$admins', $d: '$admins', $mr: '$admins', $mw: '$admins' }
  const data = { $userStreamAcl: user, $systemStreamAcl: system }
  await admin.appendToStream('$settings', jsonEvent({ type: 'update-default-acl', data }))
}
