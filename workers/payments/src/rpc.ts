import { WorkerEntrypoint } from 'cloudflare:workers'
import { confirmEvents, pullEvents } from '@shop/contracts/events/serve-events'
import type { PaymentsRpc } from '@shop/contracts/payments/rpc'
import { receiveUsersEvents } from '@shop/http/receive-users-events'
import { answerRpc, type TracedRpc } from '@shop/http/rpc'
import type { TraceContext } from '@shop/http/trace'
import { paymentsDeps } from './deps.ts'

type RequestOf<M extends keyof PaymentsRpc> = Parameters<PaymentsRpc[M]>[0]

/** The methods that the users and notifications workers may call. The contract describes them. */
export class PaymentsService extends WorkerEntrypoint<PaymentsEnv> implements TracedRpc<PaymentsRpc> {
  pullEvents(request: RequestOf<'pullEvents'>, trace: TraceContext) {
    return answerRpc('pullEvents', trace, () => pullEvents(paymentsDeps(this.env), request))
  }

  confirmEvents(request: RequestOf<'confirmEvents'>, trace: TraceContext) {
    return answerRpc('confirmEvents', trace, () => confirmEvents(paymentsDeps(this.env), request))
  }

  /** No event of users is for payments so far: see the catalogue of events. */
  receiveUsersEvents(events: RequestOf<'receiveUsersEvents'>, trace: TraceContext) {
    return answerRpc('receiveUsersEvents', trace, () => receiveUsersEvents<'payments'>({}, events))
  }
}
