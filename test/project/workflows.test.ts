import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { read } from '../support/documents.ts'

const folder = '.github/workflows'
const workflows = readdirSync(folder).map((name) => ({ name, text: read(`${folder}/${name}`) }))

/** The jobs of a workflow, each as its text. */
const jobsOf = (text: string): ReadonlyArray<string> =>
  text
    .slice(text.indexOf('\njobs:\n'))
    .split(/^ {2}(?=[\w-]+:$)/m)
    .slice(1)

const linesOf = (text: string, pattern: RegExp): ReadonlyArray<string> =>
  [...text.matchAll(new RegExp(pattern, 'gm'))].map(([line]) => line.trim())

/** What would let a stranger's change, or an action that was taken over, do more than it must. */
const faultsOf = (text: string): ReadonlyArray<string> => {
  const jobs = jobsOf(text)
  const top = text.slice(0, text.indexOf('\njobs:\n'))
  const uses = linesOf(text, /^.*\buses:.*$/)
  const checkouts = text.split('uses: actions/checkout@').slice(1)
  return [
    ...uses.filter((line) => !/^- uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)).map(() => 'pin'),
    ...(uses.length === 0 ? ['no actions'] : []),
    ...(/^permissions:\n {2}contents: read\n(?! )/m.test(top) ? [] : ['permissions']),
    ...linesOf(text, /^.*: (?:write|write-all|read-all)$/).filter((line) => line !== 'id-token: write'),
    ...(/^concurrency:$/m.test(top) ? [] : ['concurrency']),
    ...jobs.filter((job) => !/^ {4}timeout-minutes: \d+$/m.test(job)).map(() => 'timeout'),
    ...(jobs.length === 0 ? ['no jobs'] : []),
    ...checkouts.filter((step) => !/^.*\n +with:\n +persist-credentials: false\n/.test(step)).map(() => 'credentials'),
    ...(/pull_request_target|workflow_run/.test(text) ? ['trigger'] : []),
    ...linesOf(text, /^.*\brun:.*\$\{\{.*$/).map(() => 'an expression in a script'),
    ...(/secrets\./.test(text) ? ['a secret'] : [])
  ]
}

describe('the workflows', () => {
  it('are there', () => expect(workflows.map(({ name }) => name).toSorted()).toEqual(['ci.yml', 'release.yml']))

  it.each(workflows)('give nobody more than is needed: $name', ({ text }) => expect(faultsOf(text)).toEqual([]))

  it('pin one version of each action', () => {
    const pins = new Set(workflows.flatMap(({ text }) => linesOf(text, /uses: .*$/)))
    expect(pins.size).toBe(new Set([...pins].map((pin) => pin.replace(/@.*/, ''))).size)
  })

  it('mint a token in the release alone, in its environment', () => {
    const minting = workflows.flatMap(({ name, text }) =>
      jobsOf(text)
        .filter((job) => job.includes('id-token: write'))
        .map((job) => ({ name, environment: /^ {4}environment: \w+$/m.test(job) }))
    )
    expect(minting).toEqual([{ name: 'release.yml', environment: true }])
    expect(read(`${folder}/release.yml`)).toMatch(/^on:\n {2}push:\n {4}tags: .*\n\w/m)
    expect(read(`${folder}/release.yml`)).toContain('npm publish --provenance')
  })

  it('run the whole suite on the Nodes whose doors are tried in CI', () => {
    const [, pinned = ''] = /pinned = \{(.*)\}/.exec(read('scripts/node-of.mjs')) ?? []
    const majors = linesOf(pinned, /\d+(?=:)/).map(Number)
    expect(majors).toEqual([22, 24, 26])
    expect(read(`${folder}/ci.yml`)).toContain(`node: [${majors.join(', ')}]`)
  })
})

describe('a workflow is found out', () => {
  const good = read(`${folder}/ci.yml`)
  it.each([
    ['follows a tag', /@[0-9a-f]{40} # v[\d.]+/, '@v6', 'pin'],
    ['has a digest that is too short', /@[0-9a-f]{40}/, '@de0fac2', 'pin'],
    ['does not say which version a digest is', / # v\d.*/, '', 'pin'],
    ['has the permissions of the repository’s settings', /^permissions:\n.*\n/m, '', 'permissions'],
    ['may write', 'contents: read', 'contents: write', 'contents: write'],
    ['may write in a job', '    timeout', '    permissions:\n      packages: write\n    timeout', 'packages: write'],
    ['leaves its token in the folder', /persist-credentials: false/, 'fetch-depth: 1', 'credentials'],
    ['may run for six hours', /^ {4}timeout-minutes.*\n/m, '', 'timeout'],
    ['runs with secrets on a stranger’s change', 'pull_request:', 'pull_request_target:', 'trigger'],
    ['puts what others write into a script', 'bash .ci/run', `echo \${{ github.ref }}`, 'an expression in a script']
  ] as const)('that %s', (_, part, by, fault) => {
    expect(faultsOf(good.replace(part, by))).toContain(fault)
  })
})
