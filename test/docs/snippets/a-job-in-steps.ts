import type { Job, Message } from './work-off-a-queue.ts'

type Effects = {
  readonly pack: (order: Message['body']) => Promise<{ readonly parcel: string }>
  readonly label: (parcel: string, idempotencyKey: string) => Promise<void>
}

export const ship =
  ({ pack, label }: Effects): Job =>
  async ({ body }, { step, downstreamKey }) => {
    const { parcel } = await step('pack', () => pack(body))
    await step('label', () => label(parcel, downstreamKey('label')))
  }
