import { WorkerEntrypoint } from 'cloudflare:workers'
import { confirmEvents, pullEvents } from '@shop/contracts/events/serve-events'
import type { PaymentsRpc } from '@shop/contracts/payments/rpc'
import { requestErasure } from '@shop/contracts/users/erasure'
import { receiveUsersEvents, type UsersEventHandlers } from '@shop/http/receive-users-events'
import { answerRpc, type TracedRpc } from '@shop/http/rpc'
import type { TraceContext } from '@shop/http/trace'
import { ok } from '@shop/kernel/result'
import { paymentsDeps } from './deps.ts'
import { exportCustomer } from './privacy/export-customer.ts'
import { toPaymentsExport } from './privacy/routes/payments-export-view.ts'

type RequestOf<M extends keyof PaymentsRpc> = Parameters<PaymentsRpc[M]>[0]

/** The methods that the users and notifications workers and the gateway may call. The contract describes them. */
export class PaymentsService extends WorkerEntrypoint<PaymentsEnv> implements TracedRpc<PaymentsRpc> {
  pullEvents(request: RequestOf<'pullEvents'>, trace: TraceContext) {
    return answerRpc('pullEvents', trace, () => pullEvents(paymentsDeps(this.env), request))
  }

  confirmEvents(request: RequestOf<'confirmEvents'>, trace: TraceContext) {
    return answerRpc('confirmEvents', trace, () => confirmEvents(paymentsDeps(this.env), request))
  }

  receiveUsersEvents(events: RequestOf<'receiveUsersEvents'>, trace: TraceContext) {
    const handlers: UsersEventHandlers<'payments'> = {
      'customer.erased': (event) => requestErasure(paymentsDeps(this.env), event),
    }
    return answerRpc('receiveUsersEvents', trace, () => receiveUsersEvents(handlers, events))
  }

  exportCustomer(userId: RequestOf<'exportCustomer'>, trace: TraceContext) {
    return answerRpc('exportCustomer', trace, async () => {
      const known = await exportCustomer(paymentsDeps(this.env), userId)
      return known.ok ? ok(toPaymentsExport(known.value)) : known
    })
  }
}
