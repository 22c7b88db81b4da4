import process from 'node:process'
import { withLedger } from '../harness/sqlite-ledger.ts'
import { appendAtPace, type Pace } from './paced.ts'

// Appends from a process of its own, so that a view is not told of it by anybody. Talks to its parent by messages.
const [file = '', pace = ''] = process.argv.slice(2)
const asked: Pace = JSON.parse(pace)
const appended = await withLedger({ file }, (ledger) => appendAtPace(ledger, asked))
process.send?.(appended, () => process.disconnect())
