import {
  type Attributes,
  context,
  isSpanContextValid,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace
} from '@opentelemetry/api'
import { nodeTimer } from '../node/timer.ts'
import { attribute, other, scope } from './names.ts'
import { quietly } from './quietly.ts'

export const kindOf = { ledger: SpanKind.INTERNAL, store: SpanKind.CLIENT } as const

/** How something ended: what its span says of it, and what it failed with, where it did. Messages hold no key. */
export type Ending = {
  readonly attributes: Attributes
  readonly failed?: { readonly _tag: string; readonly message: string }
}

type Opening = { readonly name: string; readonly kind: SpanKind; readonly attributes: Attributes }

type Course<A> = Opening & {
  readonly work: () => Promise<A>
  /** Told of what came of the work, `undefined` where it threw, and how many seconds it took. */
  readonly conclude: (result: A | undefined, seconds: number) => Ending
}

/** Spans of ours that are over. What still runs under one serves others by now: its spans must not pile up in that trace. */
const over = new WeakSet<Span>()

const started = (given: TracerProvider | undefined, { name, kind, attributes }: Opening): Span => {
  const above = trace.getActiveSpan()
  const isLate = above !== undefined && over.has(above)
  return (given ?? trace).getTracer(scope).startSpan(name, {
    kind,
    attributes,
    ...(isLate && { root: true, links: [{ context: above.spanContext() }] })
  })
}

/** Begins the work once, with the span active where that can be had. */
const begun = <A>(span: Span | undefined, work: () => Promise<A>): Promise<A> => {
  let running: Promise<A> | undefined
  const begin = (): Promise<A> => {
    running ??= (async () => work())()
    return running
  }
  if (span !== undefined) quietly(() => context.with(trace.setSpan(context.active(), span), begin))
  return begin()
}

const end = (span: Span, { attributes, failed }: Ending): void => {
  // a tracer may give anything
  quietly(() => over.add(span))
  quietly(() => span.setAttributes(attributes))
  if (failed !== undefined) {
    const { _tag: name, message } = failed
    quietly(() => span.setAttribute(attribute.errorType, name))
    quietly(() => span.recordException({ name, message }))
    quietly(() => span.setStatus({ code: SpanStatusCode.ERROR, message: name }))
  }
  quietly(() => span.end())
}

/** What a throw is told as: its message is whoever's that threw, and may hold anything. */
const defect = { _tag: other, message: 'a defect' }

/** Does a piece of work within a span. It comes to what the work comes to, whatever telemetry does. */
export const inSpan = async <A>(given: TracerProvider | undefined, course: Course<A>): Promise<A> => {
  const begunAt = nodeTimer.monotonicMs()
  const span = quietly(() => started(given, course))
  const conclude = (result: A | undefined, failed?: Ending['failed']): void => {
    const ending = quietly(() => course.conclude(result, (nodeTimer.monotonicMs() - begunAt) / 1000))
    if (span !== undefined) end(span, { attributes: {}, ...ending, ...(failed && { failed }) })
  }
  let result: A
  try {
    result = await begun(span, course.work)
  } catch (cause) {
    conclude(undefined, defect)
    throw cause
  }
  conclude(result)
  return result
}

/** The trace and the span that are active where a caller is, where there are any. */
export const callerTrace = (): { readonly traceId: string; readonly spanId: string } | undefined =>
  quietly(() => {
    const active = trace.getActiveSpan()?.spanContext()
    return active !== undefined && isSpanContextValid(active)
      ? { traceId: active.traceId, spanId: active.spanId }
      : undefined
  })
