import { WorkerEntrypoint } from 'cloudflare:workers'
import type { NotificationsRpc } from '@shop/contracts/notifications/rpc'
import { answerRpc, type TracedRpc } from '@shop/http/rpc'
import type { TraceContext } from '@shop/http/trace'
import { notificationsDeps } from './deps.ts'
import { exportCustomer } from './privacy/export-customer.ts'

type RequestOf<M extends keyof NotificationsRpc> = Parameters<NotificationsRpc[M]>[0]

/** The methods that the gateway may call. The contract describes them. */
export class NotificationsService extends WorkerEntrypoint<NotificationsEnv> implements TracedRpc<NotificationsRpc> {
  exportCustomer(email: RequestOf<'exportCustomer'>, trace: TraceContext) {
    return answerRpc('exportCustomer', trace, () => exportCustomer(notificationsDeps(this.env), email))
  }
}
