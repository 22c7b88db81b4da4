import { describe, expect, test } from 'tstyche'
import { type EventStoreDbStoreOptions, openEventStoreDbStore } from '../../src/eventstoredb.ts'

declare const client: Extract<EventStoreDbStoreOptions['client'], object>

const connectionString = 'esdb://a'
const credentials = { username: 'u', password: 'p' }

describe('openEventStoreDbStore', () => {
  test('takes a connection string, or a client and its credentials', () => {
    expect(openEventStoreDbStore).type.toBeCallableWith({ connectionString })
    expect(openEventStoreDbStore).type.toBeCallableWith({ client })
    expect(openEventStoreDbStore).type.toBeCallableWith({ client, credentials })
    expect(openEventStoreDbStore).type.not.toBeCallableWith({})
  })
  test('and nothing of the one beside the other', () => {
    expect(openEventStoreDbStore).type.not.toBeCallableWith({ connectionString, client })
    expect(openEventStoreDbStore).type.not.toBeCallableWith({ connectionString, credentials })
    expect(openEventStoreDbStore).type.toBeCallableWith({
      connectionString,
      client: undefined,
      credentials: undefined
    })
  })
})
