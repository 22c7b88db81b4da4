import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { Failure } from '../../../domain/failure.ts'
import { type Cli, type Shared, unlessStopped } from '../cli.ts'
import type { ReportOptions } from '../options/views.ts'
import type { ScanFindings } from '../shape/scan-findings.ts'
import type { Report } from '../terminal/view.ts'
import { type Asking, askedOfViews, sourceRemark } from './asked-of-views.ts'
import type { Source } from './source.ts'

/** A question that views answer, and a scan of the log as well. */
export type Question<A> = Asking<A> & {
  readonly byScan: (ledger: TaskLedger) => TE.TaskEither<Failure, A>
  readonly findings: ScanFindings
  readonly report: (answer: A, source: Source) => Report
}

/** Answers from the views where they can, and by a scan where they cannot; either way it says so, and how stale that is. */
export const answerByViews = async <A>(
  cli: Cli,
  options: Shared & ReportOptions,
  question: Question<A>
): Promise<void> => {
  const { byScan, findings, report } = question
  const asked = await askedOfViews(cli, options, question)
  const tellOf = async (source: Source): Promise<void> => {
    await cli.remark(sourceRemark(cli, options, source))
  }
  if (E.isRight(asked)) {
    const source: Source = { _tag: 'Views', moments: asked.right.moments }
    await tellOf(source)
    return cli.print(report(asked.right.answer, source), options)
  }
  const source: Source = { _tag: 'Scan', because: asked.left }
  await cli.answer(options, false, (ledger) =>
    pipe(
      unlessStopped(cli.signal)(byScan(ledger)),
      TE.tapTask(() => () => findings.tell(cli)),
      TE.tapTask(() => () => tellOf(source)),
      TE.map((answer) => report(answer, source))
    )
  )
}
