import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Sweepable, SweepReport } from '@shop/contracts/service'
import { guarded } from '@shop/http/guard'
import { paymentsApp } from './app.ts'
import { paymentsDeps } from './deps.ts'
import { followNewEvents, sweepPayments } from './sweep.ts'

export { StripeBudget } from './stripe/budget-object.ts'

const app = paymentsApp()

export default class Payments extends WorkerEntrypoint<PaymentsEnv> implements Sweepable {
  override fetch(request: Request): Response | Promise<Response> {
    return app.fetch(request, this.env, this.ctx)
  }

  sweep(): Promise<SweepReport> {
    return guarded('sweep_failed', () => sweepPayments(paymentsDeps(this.env)))
  }

  /** A message says only that orders has events; they are pulled, so a lost message loses nothing. */
  override async queue(): Promise<void> {
    await guarded('queue_failed', () => followNewEvents(paymentsDeps(this.env)))
  }
}
