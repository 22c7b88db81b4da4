import { resolve } from 'node:path'
import { recordId } from '../../src/composition/hashing.ts'
import { trimWhiteSpace } from '../../src/domain/text.ts'
import { conformanceFolder, type Line } from './conformance.ts'
import { keyfold } from './keyfold.ts'
import { keyfoldHere } from './keyfold-here.ts'
import { asThere } from './play.ts'

/** A case as it is played: its commands, and each as the text that is sent. */
export type Played = { readonly commands: ReadonlyArray<Line>; readonly lines: ReadonlyArray<string> }

type Records = { readonly [id: string]: unknown }

const must = async (command: typeof keyfold, args: ReadonlyArray<string>, input = ''): Promise<string> => {
  const { code, stdout, stderr } = await command(args, { input })
  if (code !== 0) throw new Error(`keyfold ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

/** Answers to lines, from one `keyfold batch`: a process of its own, unless it is to run in this one. */
export const batch = async (
  store: string,
  lines: ReadonlyArray<string>,
  command = keyfold
): Promise<ReadonlyArray<unknown>> => {
  const stdout = await must(command, ['batch', '--store', store], lines.map((line) => `${line}\n`).join(''))
  const answers = stdout.split('\n').slice(0, -1)
  if (answers.length !== lines.length) throw new Error(`${answers.length} answers to ${lines.length} lines`)
  return answers.map((answer) => asThere(JSON.parse(answer)))
}

/** What the store holds, by `keyfold export`. */
const exported = async (store: string): Promise<Records> =>
  JSON.parse(await must(keyfoldHere, ['export', '--store', store])).records

const imported = async (store: string, file: string): Promise<unknown> => {
  const { code, stderr } = await keyfoldHere(['import', resolve(conformanceFolder, file), '--store', store])
  if (code === 0) return { count: Object.keys(await exported(store)).length }
  return { error: /^error: \w+: (.*)$/m.exec(stderr)?.[1] }
}

/**
 * Plays a case on a store of its own. `dump` is export, `load` is import; what stands between them is one run of `batch`,
 * which is a new process where `restart` asks for one.
 */
export const playApart = async ({ commands, lines }: Played, store: string): Promise<ReadonlyArray<unknown>> => {
  const answers: Array<unknown> = []
  let waiting: Array<string> = []
  let isMade = false
  let command = keyfoldHere
  const flush = async (): Promise<void> => {
    // a store comes about by its first batch, even where that has nothing to say
    if (waiting.length > 0 || !isMade) answers.push(...(await batch(store, waiting, command)))
    waiting = []
    isMade = true
  }
  for (const [index, { op, path = '' }] of commands.entries()) {
    if (!['restart', 'dump', 'load'].includes(op)) {
      waiting.push(lines[index] ?? '')
      continue
    }
    await flush()
    command = op === 'restart' ? keyfold : keyfoldHere
    if (op === 'load') answers.push(await imported(store, path))
    else {
      const records = await exported(store)
      answers.push(op === 'dump' ? { records } : { count: Object.keys(records).length })
    }
  }
  await flush()
  return answers
}

const idsOf = (commands: ReadonlyArray<Line>, suffix = ''): ReadonlyArray<string> =>
  commands.flatMap(({ tenant, operation, key }) => {
    const { org_id, workspace_id, deployment_id } = Object(tenant)
    if (typeof org_id !== 'string' || typeof operation !== 'string' || typeof key !== 'string') return []
    return recordId(
      { orgId: org_id + suffix, workspaceId: workspace_id, deploymentId: deployment_id },
      trimWhiteSpace(operation),
      trimWhiteSpace(key)
    )
  })

const organisation = /"org_id":"((?:[^"\\]|\\.)*)"/g

/**
 * Plays cases that only dump at their end in one run of `batch` on one store, and one export. A case that asks about a
 * key of an earlier one gets its own organisation, and in its answers that is taken back: the name and the record ids,
 * nothing else.
 */
export const playTogether = async (
  cases: ReadonlyArray<Played>,
  store: string
): Promise<ReadonlyArray<ReadonlyArray<unknown>>> => {
  const taken = new Set<string>()
  const tellable = cases.map(({ commands, lines }, index) => {
    const original = idsOf(commands)
    const suffix = original.some((id) => taken.has(id)) ? `#${index}` : ''
    const ids = idsOf(commands, suffix)
    for (const id of ids) taken.add(id)
    const back = (answer: unknown): unknown => {
      const text = JSON.stringify(answer).replaceAll(organisation, (_, org: string) => {
        return `"org_id":"${suffix !== '' && org.endsWith(suffix) ? org.slice(0, -suffix.length) : org}"`
      })
      return JSON.parse(ids.reduce((renamed, id, at) => renamed.replaceAll(id, original[at] ?? id), text))
    }
    const asked = lines
      .filter((_, at) => commands[at]?.op !== 'dump')
      .map((line) => line.replaceAll(organisation, `"org_id":"$1${suffix}"`))
    return { commands, asked, ids: new Set(ids), back }
  })
  const answers = await batch(
    store,
    tellable.flatMap(({ asked }) => asked)
  )
  const all = Object.entries(await exported(store))
  if (all.some(([id]) => !taken.has(id))) throw new Error('the store holds a record that nobody asked for')
  let from = 0
  return tellable.map(({ commands, asked, ids, back }) => {
    const own = answers.slice(from, from + asked.length).map(back)
    from += asked.length
    const dump = back({ records: Object.fromEntries(all.filter(([id]) => ids.has(id))) })
    return commands.map(({ op }) => (op === 'dump' ? dump : own.shift()))
  })
}
