import { eventually } from '@shop/testing/eventually'
import type { Stage } from './use-platform.ts'

/** The promised recovery time: 5 s after the database answers again. Outages under load are in `faults/`. */
const RECOVERS_WITHIN_MS = 5_000

/** A read of each service that has a database. */
const READS = ['/api/users/profile', '/api/inventory/1', '/api/orders', '/api/payments/pay_01jd4k2v9rf0fv8z3x1m5q7w2e']

/**
 * Ends every fault of the database, and waits until each service reads it again. Readiness would not do: its answer may be
 * a second old.
 */
export async function recover({ platform, shop, customer }: Stage): Promise<void> {
  platform.database.faults.clear()
  platform.databaseGate.open()
  await Promise.all(
    READS.map((path) =>
      eventually(
        () => shop.request('GET', path, { token: customer.token }),
        ({ status }) => status < 500,
        RECOVERS_WITHIN_MS,
      ),
    ),
  )
}
