import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FailureTag } from '../../src/domain/failure.ts'
import { answerCodes, exit, exitCodeOf } from '../../src/interfaces/cli/errors/exit-codes.ts'
import { commandLine } from '../support/cli.ts'
import { keyfold } from '../support/keyfold.ts'

const reference = readFileSync(resolve(import.meta.dirname, '../../docs/reference/cli.md'), 'utf8')

/** Complete by its type: a tag that is added must be added here. */
const tags: { readonly [tag in FailureTag]: true } = {
  InvalidInput: true,
  LimitExceeded: true,
  UnknownClaim: true,
  Contended: true,
  AppendUnknown: true,
  StoreBusy: true,
  StoreFull: true,
  StoreReadOnly: true,
  StoreUnavailable: true,
  StoreTimeout: true,
  AccessDenied: true,
  NotAStore: true,
  UnsupportedVersion: true,
  CorruptStream: true,
  ImportRefused: true,
  Aborted: true,
  Overloaded: true
}
const isTag = (text: string): text is FailureTag => text in tags

/** An option or an argument, and what help says of it in brackets. */
type Told = {
  readonly what: string
  readonly required: boolean
  readonly otherwise: string
  readonly choices: ReadonlyArray<string>
}

/** The options and arguments of a help text, each in one line again. */
const toldIn = (help: string): ReadonlyArray<Told> => {
  const usage = help.slice(0, help.indexOf('\n'))
  return [
    ...help.replaceAll(/\n {10,}/g, ' ').matchAll(/^ {2}(?:-\w, )?(--[\w-]+|[a-z-]+)\b(?! \[options\])(.*)$/gm)
  ].map(([, what = '', text = '']) => {
    const choices = /\(choices: (".*?")(?:, default|\))/.exec(text)?.[1] ?? ''
    return {
      what,
      required: text.includes('(required)') || usage.includes(`<${what}>`),
      otherwise: (/[(,] ?default: ([^)]*)\)/.exec(text)?.[1] ?? '').replaceAll('"', ''),
      choices: [...choices.matchAll(/"([^"]*)"/g)].map(([, choice = '']) => choice)
    }
  })
}

/** Its row in the reference; none where there is nothing to tell. */
const rowOf = (command: string, told: ReadonlyArray<Told>): string => {
  const must = told.filter(({ required }) => required).map(({ what }) => `\`${what}\``)
  const otherwise = told.filter((one) => one.otherwise !== '').map((one) => `\`${one.what}\` ${one.otherwise}`)
  const choices = told
    .filter((one) => one.choices.length > 0)
    .map((one) => `\`${one.what}\` ${one.choices.map((choice) => `\`${choice}\``).join(' ')}`)
  const cells = [must.join(', '), otherwise.join('; '), choices.join('; ')]
  return cells.every((cell) => cell === '') ? '' : `| ${[command, ...cells].join(' | ')} |`
}

describe('the reference of the command line', () => {
  it('has every exit code, once, and no other', () => {
    const rows = [...reference.matchAll(/^\| (\d+) \| (\w*) ?\|/gm)].map(([, code, tag = '']) => [Number(code), tag])
    const coded = Object.keys(tags)
      .filter(isTag)
      .map((tag) => [exitCodeOf(tag), tag])
    const others = Object.values(exit).map((code) => [code, ''])
    for (const code of Object.values(answerCodes))
      expect(reference).toMatch(new RegExp(`^\\| [a-z, ]+ \\| ${code}: `, 'm'))
    expect(rows).toEqual([...coded, ...others].toSorted(([a], [b]) => Number(a) - Number(b)))
    expect(new Set(rows.map(([code]) => code)).size).toBe(rows.length)
  })

  it('has a section for every command, with every option of it', async () => {
    const help = async (...args: ReadonlyArray<string>) => (await commandLine().run([...args, '--help'])).stdout
    const names = [...(await help()).matchAll(/^ {2}([a-z-]+) \[options\]/gm)].map(([, name = '']) => name)
    const sections = [...reference.matchAll(/^### ([a-z-]+)/gm)].map(([, name]) => name)
    expect(sections).toEqual(names)
    const shared = reference.split('## Options that several commands share')[0] ?? ''
    const common = /## Options that several commands share\n(.*?)\n## /s.exec(reference)?.[1] ?? ''
    for (const name of names) {
      const section = new RegExp(`^### ${name}\\b(.*?)^##`, 'ms').exec(reference)?.[1] ?? ''
      const options = [...(await help(name)).matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, option = '']) => option)
      const told = (option: string): boolean => [shared, common, section].some((text) => text.includes(option))
      expect(
        options.filter((option) => !told(option)),
        name
      ).toEqual([])
    }
  })

  it('has what the parser asks for, what it takes where nothing is given, and what it chooses from', async () => {
    const help = async (...args: ReadonlyArray<string>) => (await commandLine().run([...args, '--help'])).stdout
    const names = [...(await help()).matchAll(/^ {2}([a-z-]+) \[options\]/gm)].map(([, name = '']) => name)
    const ofAll = toldIn(await help())
    const rows: Array<string> = []
    for (const name of names) {
      const own = toldIn(await help(name)).filter(({ what }) => !ofAll.some((shared) => shared.what === what))
      rows.push(rowOf(`\`${name}\``, own))
    }
    const table = /^\| command \| must have .*\n.*\n((?:\|.*\n)+)/m.exec(reference)?.[1] ?? ''
    expect(table.trimEnd().split('\n')).toEqual([rowOf('every command', ofAll), ...rows].filter((row) => row !== ''))
  })

  it('shows batch as it is', async () => {
    const lines = [...reference.matchAll(/^([→←]) (.*)$/gm)].map(([, way, line = '']) => ({ way, line }))
    const input = lines.filter(({ way }) => way === '→').map(({ line }) => `${line}\n`)
    const { code, stdout, stderr } = await keyfold(['batch', '--store', 'memory:'], { input: input.join('') })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n').slice(0, -1)).toEqual(lines.filter(({ way }) => way === '←').map(({ line }) => line))
    const ops = new Set(input.flatMap((line) => /"op":"(\w+)"/.exec(line)?.[1] ?? []))
    expect([...ops].toSorted()).toEqual([
      'complete',
      'fingerprint',
      'get',
      'history',
      'list',
      'mark_in_doubt',
      'record_id',
      'recovery_point',
      'release',
      'renew',
      'reserve'
    ])
  })

  it('shows a failure as it is', async () => {
    const example = /^error: .*\nwhat to do: .*\n/m.exec(reference)?.[0]
    const unknown = ['--record-id', `idem_${'0'.repeat(64)}`, '--epoch', '1', '--claim-id', 'c']
    expect((await commandLine().run(['release', ...unknown])).stderr).toBe(example)
  })
})
