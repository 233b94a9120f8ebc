import { WorkerEntrypoint } from 'cloudflare:workers'
import { confirmEvents, pullEvents } from '@shop/contracts/events/serve-events'
import type { PaymentsRpc } from '@shop/contracts/payments/rpc'
import { answerRpc, type TracedRpc } from '@shop/http/rpc'
import type { TraceContext } from '@shop/http/trace'
import { paymentsDeps } from './deps.ts'

type RequestOf<M extends keyof PaymentsRpc> = Parameters<PaymentsRpc[M]>[0]

/** The methods that the notifications worker may call. The contract describes them. */
export class PaymentsService extends WorkerEntrypoint<PaymentsEnv> implements TracedRpc<PaymentsRpc> {
  pullEvents(request: RequestOf<'pullEvents'>, trace: TraceContext) {
    return answerRpc('pullEvents', trace, () => pullEvents(paymentsDeps(this.env), request))
  }

  confirmEvents(request: RequestOf<'confirmEvents'>, trace: TraceContext) {
    return answerRpc('confirmEvents', trace, () => confirmEvents(paymentsDeps(this.env), request))
  }
}
