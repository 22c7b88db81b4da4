import type { TaskContext } from '../../src/application/effects/task-context.ts'
import { gate } from './gate.ts'

/** A task that stops as it is told to, with the reason that it is told. */
export const listening = () => {
  const began = gate()
  const task = ({ signal }: TaskContext): Promise<string> =>
    new Promise((resolve, reject) => {
      finish = () => resolve('done')
      signal.addEventListener('abort', () => reject(signal.reason))
      void began.pass()
    })
  let finish = (): void => {}
  return { task, began: began.reached, finish: () => finish() }
}

/** A task that ends when it is let, whatever it is told. */
export const deaf = () => {
  const shut = gate()
  let signal: AbortSignal | undefined
  const task = async (context: TaskContext): Promise<string> => {
    signal = context.signal
    await shut.pass()
    return 'done'
  }
  return { task, began: shut.reached, finish: shut.open, why: () => signal?.reason }
}
