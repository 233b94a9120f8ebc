/** What one run of Stryker mutates, and the folder of the tests that may notice: those that need neither a database nor workerd. */
export type Scope = { name: string; folders: string[]; files: string[]; tests: string }

/** Decisions and entry points. SQL, Durable Objects and routes are held by other kinds of tests. */
const inSlice = (folder: string) => [`${folder}/!(repository).ts`, `${folder}/{domain,internal}/*.ts`]

/** `rules` are slices of which only the domain is mutated: the rest of them is held by tests with a database. */
function worker(name: string, { slices, rules }: { slices: string[]; rules: string[] }): Scope {
  const whole = slices.map((slice) => `workers/${name}/src/${slice}`)
  const domains = rules.map((slice) => `workers/${name}/src/${slice}/domain`)
  return {
    name,
    folders: [...whole, ...domains],
    files: [...whole.flatMap(inSlice), ...domains.map((folder) => `${folder}/*.ts`)],
    tests: `workers/${name}/test/unit`,
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
  worker('orders', {
    slices: [
      'orders',
      'fulfillment',
      'pricing',
      'shipping',
      'tax',
      'places',
      'buyers',
      'payment-events',
      'access',
      'stock',
    ],
    rules: ['returns', 'order-edits', 'gift-cards', 'invoices'],
  }),
  worker('payments', {
    slices: ['payments', 'refunds', 'disputes', 'saved-methods', 'events'],
    rules: ['ledger'],
  }),
  worker('catalog', { slices: ['stock'], rules: [] }),
  worker('notifications', { slices: [], rules: ['webhook-endpoints', 'webhook-deliveries', 'live'] }),
]
