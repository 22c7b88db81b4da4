import { setTimeout as wait } from 'node:timers/promises'
import type { Command } from 'commander'
import * as E from 'fp-ts/Either'
import { type Cli, type Shared, stopped } from '../cli.ts'
import type { Check } from '../deps.ts'
import { exit } from '../errors/exit-codes.ts'
import { remedyFor } from '../errors/remedies.ts'
import { identitySecretFault } from '../options/identity-secret.ts'
import { shared } from '../options/shared.ts'
import { namedBy, storeAddress } from '../options/store-address.ts'
import { defaultViews, viewsFile } from '../options/views-file.ts'
import { headline, type Report, table } from '../terminal/view.ts'

type Options = Shared & { readonly views?: string }

/** A store that answers nothing for so long is what is wrong. */
const withinMs = 20_000

const late: Check = {
  what: 'store',
  state: 'fail',
  found: `did not answer within ${withinMs / 1000} s`,
  mend: 'check the address, the network and the health of the server'
}

const mendOf = (check: Check): string => (check.state === 'ok' ? '' : check.mend)

const report = (checks: ReadonlyArray<Check>): Report => {
  const failed = checks.filter(({ state }) => state === 'fail').length
  const warned = checks.filter(({ state }) => state === 'warn').length
  const said = failed + warned === 0 ? 'all in order' : `${failed} wrong, ${warned} to look at`
  return {
    json: { in_order: failed === 0, checks },
    views: [
      headline(said, failed > 0 ? 'bad' : warned > 0 ? 'notice' : 'good'),
      table(
        ['state', 'what', 'found'],
        checks.map(({ state, what, found }) => [state, what, found])
      ),
      ...checks
        .filter((check) => check.state !== 'ok')
        .map((check) => headline(`${check.what}: ${mendOf(check)}`, check.state === 'fail' ? 'bad' : 'notice'))
    ]
  }
}

export const doctorCommand = (cli: Cli, command: Command): void => {
  shared(command)
    .option('--views <file>', `the SQLite file of the views (default: KEYFOLD_VIEWS, else ${defaultViews})`)
    .action(async () => {
      const options = command.optsWithGlobals<Options>()
      const { deps, signal } = cli
      const store = storeAddress(options.store, deps.env)
      if (E.isLeft(store)) return cli.fail(store.left)
      const views = viewsFile(options.views, deps.env)
      if (E.isLeft(views)) return cli.fail(views.left)
      const fault = identitySecretFault(deps.env)
      if (fault !== undefined) return cli.fail(fault)
      const examined = deps.examine({
        version: deps.version,
        store: store.right,
        namedBy: namedBy(options.store, deps.env),
        category: options.category,
        views: views.right,
        now: deps.now,
        remedy: remedyFor
      })
      // where it is late nobody waits for it any more
      examined.catch(() => {})
      const given = new AbortController()
      const waited = wait(withinMs, [late], { signal: AbortSignal.any([signal, given.signal]) }).catch(() => [])
      const checks = await Promise.race([examined, waited])
      given.abort()
      if (signal.aborted) return cli.fail(stopped)
      if (checks.some(({ state }) => state === 'fail')) await cli.remark([], exit.findings)
      await cli.print(report(checks), options)
    })
}
