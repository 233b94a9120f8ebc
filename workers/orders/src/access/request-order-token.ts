import { normalEmail } from '@shop/kernel/email'
import { sha256Hex } from '@shop/kernel/hash'
import { isId } from '@shop/kernel/ids'
import { customerKeyOf } from '../buyers/customer-key.ts'
import type { OrdersDeps } from '../deps.ts'

/**
 * Has the token of a guest's order mailed to the address of the order, if that is the address given. Whatever is asked for
 * takes the same work, so neither the answer nor its time tells whether there is such an order.
 */
export async function requestOrderToken(
  deps: Pick<OrdersDeps, 'tokenRequests' | 'now' | 'wakeConsumers'>,
  { orderId, email }: { orderId: string; email: string },
): Promise<void> {
  const [customerKey, requestKey] = await Promise.all([
    customerKeyOf({ userId: null, email }),
    sha256Hex(JSON.stringify([orderId, normalEmail(email)])),
  ])
  // A malformed id names no order, and may be text that the database cannot store.
  const named = isId('order', orderId) ? orderId : ''
  await deps.tokenRequests.ask({ orderId: named, customerKey, requestKey }, deps.now())
  await deps.wakeConsumers(['order.token_requested'])
}
