import { statfsSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import process from 'node:process'
import { shortRounds } from './rounds.ts'

/** What the figures were taken on. */
export type Machine = {
  readonly processor: string
  readonly cores: number
  readonly memoryBytes: number
  readonly node: string
  readonly system: string
  /** Of the folder that the stores lie in. */
  readonly fileSystem: string
  /** Of the minute before the first figure: how many programs wanted a core. Always 0 where the system has no such number. */
  readonly load: number
}

/** As statfs(2) numbers them. */
const fileSystems: Readonly<Record<number, string>> = {
  61267: 'ext4',
  16914836: 'tmpfs (in memory: a commit costs nothing)',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  2035054128: 'overlayfs',
  801189825: 'zfs'
}

export const machineOf = (folder: string): Machine => {
  const kind = statfsSync(folder).type
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.version,
    system: `${type()} ${release()}`,
    fileSystem: fileSystems[kind] ?? `number 0x${kind.toString(16)}`,
    load: loadavg()[0] ?? 0
  }
}

/** Whether others were at work: then the figures are worth less. The build before the run is in the load, too. */
const isBusy = ({ cores, load }: Pick<Machine, 'cores' | 'load'>): boolean => load > cores / 2

/** How far the figures of a run can be relied on, where that is less than they should be. */
export const caution = (machine: Pick<Machine, 'cores' | 'load'>, short = shortRounds()): string | undefined => {
  const busy = isBusy(machine) && `on a busy machine (load ${machine.load.toFixed(1)} on ${machine.cores} cores)`
  const few = short !== undefined && `in a short run (${short === 1 ? '1 round' : `at most ${short} rounds`} each)`
  const all = [few, busy].filter((one) => one !== false)
  return all.length === 0 ? undefined : `taken ${all.join(', ')}: to be taken again before anybody relies on them`
}
