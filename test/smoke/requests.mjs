import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'

export const request = {
  tenant: { orgId: 'acme', workspaceId: 'shop' },
  operation: 'charge',
  key: 'order-1',
  owner: 'web-1',
  requestFingerprint: 'amount=10',
  lease: 30_000
}

const folder = mkdtempSync(join(tmpdir(), 'keyfold-doors-'))
after(() => rmSync(folder, { recursive: true, force: true }))

export const fileIn = (name) => join(folder, name)
