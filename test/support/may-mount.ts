import { readFileSync } from 'node:fs'

/** Whether this process may mount a file system (CAP_SYS_ADMIN); only then there is a disk of its own to fill. */
export const mayMount = (): boolean => {
  if (process.platform !== 'linux') return false
  const [, effective = '0'] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return (BigInt(`0x${effective}`) >> 21n) % 2n === 1n
}
