import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'

/** What every project runs: the example of the README, and whether it does what it says. */
const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8')
const [, example] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
if (example === undefined) throw new Error('the README has no example')

export const expected = 'charged once'

const judged = `
const charge = async (amount: number) => ({ charged: amount })
const first = await pay('order-1', 10)
const again = await pay('order-1', 10)
const other = await pay('order-1', 99)
await ledger.dispose()
const value = again._tag === 'Replayed' ? again.value : undefined
const answers = JSON.stringify([first._tag, again._tag, value, other._tag])
export const said = answers === '["Ran","Replayed",{"charged":10},"Conflict"]' ? '${expected}' : answers
console.log(said)
`

export const typescript = `${example}${judged}`

const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 }
export const esModule = ts.transpileModule(typescript, { compilerOptions }).outputText

/** The same by `require`, which knows no `await` at the top. */
export const commonJs = `(async () => {\n${esModule
  .replaceAll(/^import \{(.*)\} from '(.*)'/gm, "const {$1} = require('$2')")
  .replaceAll(/^export /gm, '')}})()\n`
