import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import { cliTools } from '../../../../src/composition/cli-tools.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { answerLine } from '../../../support/answer-line.ts'
import { commandLine } from '../../../support/cli.ts'

/** Names that the ledger has for fields of its own, which the command line tells as options or in snake_case. */
const names = ['from', 'to', 'after', 'views', 'parallel', 'partitions', 'batchSize', 'maxKeys', 'bucketMs', 'lease']
const others = ['leaseMs', 'fingerprint', 'nowMs', 'orgId', 'claimId', 'expiresAtMs', 'from.revision', 'at.timeMs']

const beyond = '12345678901234567890'

/** An object with an integer that cannot be taken under a name, or under one within another. */
const around = (name: string): string =>
  name.split('.').reduceRight((inner, one) => `{${JSON.stringify(one)}:${inner}}`, beyond)

const key = ['--operation=op', '--key=k']
const claim = ['--record-id=r', '--epoch=1', '--claim-id=c']
const options: ReadonlyArray<readonly [option: string, args: ReadonlyArray<string>]> = [
  ['--payload', ['reserve', ...key, '--owner=me', '--lease=1h']],
  ['--details', ['complete', ...claim, '--outcome=done']],
  ['--outcome-json', ['complete', ...claim]],
  ['--data', ['recovery-point', ...claim, '--name=n']],
  ['--claim', ['release']]
]

describe('a path in the caller’s own JSON stays as it is', () => {
  for (const name of [...names, ...others]) {
    it(`$.${name}`, async () => {
      for (const [option, args] of options) {
        const { stderr } = await commandLine().run([...args, `${option}=${around(name)}`])
        expect(stderr, option).toContain(`(at $.${name})\n`)
      }
      const imported = await commandLine().run(['import', '-'], { stdin: around(name) })
      expect(imported.stderr).toContain(`$.${name}`)
      const answer = answerLine(cliTools, createLedger({ store: memoryStore() }).taskEither)
      const { error } = JSON.parse(JSON.stringify(await answer(Buffer.from(around(name)))))
      expect(error.message).toContain(`(at $.${name})`)
    })
  }
  it('in a text that is quoted', async () => {
    const unknown = await commandLine().run(['release', '--claim={"$.lease":1}'])
    expect(unknown.stderr).toContain('--claim: $ has no field "$.lease"; known are record_id')
  })
  it('beside a name of the ledger’s own, which is told as it is written here', async () => {
    const lease = await commandLine().run(['reserve', ...key, '--owner=me', '--payload={}', '--lease=0s'])
    expect(lease.stderr).toContain('$.lease_ms must')
  })
})
