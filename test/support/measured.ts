import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

export type Measured = {
  /** Exit code, or the signal that ended it. */
  readonly ended: string
  /** The most memory that it had at any time, MB. */
  readonly peakMb: number
  readonly mbIn: number
  readonly stdout: string
  readonly stderr: string
}

const toMb = (bytes: number): number => Math.round(bytes / 2 ** 20)

/** Says at its end how much memory the process had at most. */
const gauge = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)))"
)}`

/** Runs a program of Node in a small heap, on an input that is made while it is read. It goes with the test. */
export const measured = async (
  args: ReadonlyArray<string>,
  input: Iterable<string | Uint8Array> = [],
  heapMb = 256
): Promise<Measured> => {
  const node = [`--max-old-space-size=${heapMb}`, '--import', gauge]
  const child = spawn(process.execPath, [...node, ...args], { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] })
  const closed = once(child, 'close')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await closed
  })
  const said = ['', '', '', '']
  for (const [index, stream] of child.stdio.entries()) {
    if (index === 0) continue
    stream?.on('data', (text: Uint8Array) => {
      said[index] += Buffer.from(text).toString()
    })
  }
  const { stdin } = child
  // whoever has seen enough closes it
  stdin?.on('error', () => {})
  let bytes = 0
  for (const piece of input) {
    if (stdin === null || stdin.destroyed) break
    bytes += Buffer.byteLength(piece)
    if (!stdin.write(piece)) await Promise.race([once(stdin, 'drain').catch(() => {}), closed])
  }
  stdin?.end()
  const [code, signal] = await closed
  const [, stdout = '', stderr = '', peak = ''] = said
  return { ended: String(signal ?? code), peakMb: toMb(Number(peak) * 1024), mbIn: toMb(bytes), stdout, stderr }
}
