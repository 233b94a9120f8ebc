import { join } from 'node:path'

/** What one run of Stryker mutates, and the folder of the tests that may notice: those that need neither a database nor workerd. */
export type Scope = { name: string; folders: string[]; files: string[]; tests: string }

/** Decisions and entry points. SQL, Durable Objects and routes are held by other kinds of tests. */
const inSlice = (folder: string) => [`${folder}/!(repository).ts`, `${folder}/{domain,internal}/*.ts`]
/** @param tests the folder of the slices' own tests, so that a run need not load those of the whole worker */
function worker(name: string, slices: string[], tests = ''): Scope {
  const folders = slices.map((slice) => `workers/${name}/src/${slice}`)
  return {
    name: tests === '' ? name : `${name}-${tests}`,
    folders,
    files: folders.flatMap(inSlice),
    tests: join('workers', name, 'test/unit', tests),
  }
}

/** Money, stock and access. */
export const SCOPES: Scope[] = [
  {
    name: 'kernel',
    folders: ['packages/kernel/src'],
    files: ['packages/kernel/src/{money,currencies,chargeable,caller,caller-header,versions}.ts'],
    tests: 'packages/kernel/test',
  },
  worker('orders', ['orders', 'pricing', 'shipping', 'tax', 'places', 'buyers', 'payment-events', 'access', 'stock']),
  worker('orders', ['fulfillment'], 'fulfillment'),
  // Only the domain where the entry points are held by tests with a database.
  worker('orders', ['returns/domain'], 'returns'),
  worker('orders', ['order-edits/domain'], 'order-edits'),
  worker('orders', ['gift-cards/domain'], 'gift-cards'),
  worker('orders', ['invoices/domain'], 'invoices'),
  worker('payments', ['payments', 'refunds', 'disputes', 'saved-methods', 'events']),
  worker('catalog', ['stock']),
  worker('notifications', ['webhook-endpoints/domain', 'webhook-deliveries/domain'], 'webhooks'),
  worker('notifications', ['live/domain']),
]
