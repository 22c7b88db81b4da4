import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { read } from '../support/documents.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const script = resolve(import.meta.dirname, '../../scripts/test-eventstoredb.sh')

/** Programs in place of the real ones, as shell text: each tells what it was asked before it does this. */
type Fakes = { readonly docker?: string; readonly npx?: string }

type Ended = { readonly code: number | null; readonly stderr: string; readonly asked: ReadonlyArray<string> }

const begin = ({ docker, npx = 'exit 0' }: Fakes, args: ReadonlyArray<string> = []) => {
  const log = temporaryFile('asked')
  const folder = dirname(log)
  writeFileSync(log, '')
  const fake = (name: string, body: string): void =>
    writeFileSync(resolve(folder, name), `#!/bin/sh\necho "${name} $*" >> '${log}'\n${body}\n`, { mode: 0o755 })
  if (docker !== undefined) fake('docker', docker)
  fake('npx', `echo "at $KEYFOLD_EVENTSTOREDB_URL" >> '${log}'\n${npx}`)
  const child = spawn('/bin/sh', [script, ...args], { env: { PATH: `${folder}:/usr/bin:/bin` } })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stderr = ''
  child.stderr.on('data', (text) => {
    stderr += text
  })
  const asked = (): ReadonlyArray<string> => readFileSync(log, 'utf8').trim().split('\n')
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code) => done({ code, stderr, asked: asked() }))
  })
  return { child, asked, ended }
}

const run = (fakes: Fakes, args: ReadonlyArray<string> = []): Promise<Ended> => begin(fakes, args).ended

const looked = ['docker compose version', 'docker info']
const upWith = (services: string): string =>
  `docker compose --profile cluster up --detach --wait --wait-timeout 180 ${services}`
const suites =
  'npx vitest run test/contract/eventstoredb.test.ts test/conformance/eventstoredb.test.ts test/load test/subscriptions/any-server.test.ts'
const down = 'docker compose --profile cluster down --volumes --remove-orphans'

describe('scripts/test-eventstoredb.sh', () => {
  it.each([
    ['there is no docker', {}, ['']],
    ['docker has no compose', { docker: '[ "$1" != compose ]' }, [looked[0]]],
    ['docker has no engine', { docker: '[ "$1" != info ]' }, looked]
  ])('says loudly that nothing ran where %s', async (_, fakes, asked) => {
    const ended = await run(fakes)
    expect(ended).toMatchObject({ code: 77, asked })
    expect(ended.stderr).toContain('SKIPPED: Docker is not available. NOTHING ran against a real server.')
  })

  it.each([
    ['single', [], 'eventstoredb', 'esdb://localhost:2113?tls=false'],
    ['single', ['single'], 'eventstoredb', 'esdb://localhost:2113?tls=false'],
    ['cluster', ['cluster'], 'node1 node2 node3', 'esdb://localhost:2121,localhost:2122,localhost:2123?tls=false']
  ])('starts the server (%s %j), runs the suites against it, and stops it', async (_, args, services, url) => {
    expect(await run({ docker: 'exit 0' }, args)).toEqual({
      code: 0,
      stderr: '',
      asked: [...looked, upWith(services), suites, `at ${url}`, down]
    })
  })

  it('stops the server where a suite fails, and fails as the suites did', async () => {
    const { code, asked } = await run({ docker: 'exit 0', npx: 'exit 5' })
    expect(code).toBe(5)
    expect(asked.at(-1)).toBe(down)
  })

  it('shows what the server said and stops it where it does not become healthy; no suite runs', async () => {
    const { code, stderr, asked } = await run({ docker: 'case "$*" in *" up "*) exit 1;; *logs*) echo sick;; esac' })
    expect(code).toBe(3)
    expect(stderr).toBe('the server did not become healthy within 180 s\nsick\n')
    expect(asked).toEqual([...looked, upWith('eventstoredb'), 'docker compose --profile cluster logs --tail 50', down])
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143]
  ] as const)('stops the suites and the server on %s', async (signal, code) => {
    const mark = temporaryFile('suites')
    const { child, ended } = begin({
      docker: 'exit 0',
      npx: `trap "echo killed > '${mark}'; exit 1" TERM\ntouch '${mark}'\nwhile :; do sleep 0.02; done`
    })
    await eventually(() => expect(existsSync(mark)).toBe(true))
    child.kill(signal)
    expect(await ended).toMatchObject({ code, asked: expect.arrayContaining([down]) })
    await eventually(() => expect(readFileSync(mark, 'utf8')).toBe('killed\n'))
  })

  it('refuses what it does not know, and touches nothing', async () => {
    expect(await run({ docker: 'exit 0' }, ['both'])).toMatchObject({ code: 2, asked: [''] })
  })

  it('names the services and ports that docker-compose.yml has', () => {
    const compose = read('docker-compose.yml')
    const published = [...compose.matchAll(/^ {2}(\w+):\n(?: {4}.*\n)*? {4}ports: \['127\.0\.0\.1:(\d+):2113'\]/gm)]
    expect(published.map(([, service, port]) => [service, port])).toEqual([
      ['eventstoredb', '2113'],
      ['node1', '2121'],
      ['node2', '2122'],
      ['node3', '2123']
    ])
    const advertised = [...compose.matchAll(/ADVERTISE_NODE_PORT_TO_CLIENT_AS: (\d+)/g)].map(([, port]) => port)
    expect(advertised).toEqual(['2121', '2122', '2123'])
  })
})
