import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as E from 'fp-ts/Either'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { Failure } from '../../../domain/failure.ts'

const leaseMs = 30_000
const key = {
  tenant: { orgId: 'github', workspaceId: 'crashed-worker', source: 'explicit' },
  operation: 'github.delivery',
  key: 'crashed-worker'
} as const

/** A worker in a process of its own, which reserves a key and is killed at its work. */
const crash = async (executable: string, store: string): Promise<void> => {
  const worker = spawn(process.execPath, [executable, '--store', store, 'batch'], {
    stdio: ['pipe', 'pipe', 'inherit']
  })
  worker.stdin.write(
    `${JSON.stringify({
      op: 'reserve',
      tenant: { org_id: key.tenant.orgId, workspace_id: key.tenant.workspaceId, source: key.tenant.source },
      operation: key.operation,
      key: key.key,
      owner: 'worker-1',
      request_fingerprint: 'crashed',
      lease_ms: leaseMs
    })}\n`
  )
  await once(worker.stdout, 'data')
  worker.kill('SIGKILL')
  await once(worker, 'exit')
}

/** Takes the key of a killed worker over once its lease is over (the time is told, not waited for). */
export const takeOverCrashed = async (
  ledger: TaskLedger,
  executable: string,
  store: string
): Promise<E.Either<Failure, 'taken over' | 'answered with the first outcome'>> => {
  await crash(executable, store)
  const reserved = await ledger.reserve({
    ...key,
    owner: 'worker-2',
    requestFingerprint: 'crashed',
    lease: leaseMs,
    nowMs: Date.now() + leaseMs + 1
  })()
  if (E.isLeft(reserved)) return reserved
  if (reserved.right._tag !== 'Reserved') return E.right('answered with the first outcome')
  const { claim } = reserved.right
  const done = await ledger.complete({
    claim,
    outcome: { outcomeKind: 'processed' },
    nowMs: Date.now() + leaseMs + 2
  })()
  return E.map(() => 'taken over' as const)(done)
}
