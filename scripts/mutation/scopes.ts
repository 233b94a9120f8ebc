/** What one run of Stryker mutates, and the folder of the tests that may notice: those that need neither a database nor workerd. */
export type Scope = { name: string; folders: string[]; files: string[]; tests: string }

/** Decisions and entry points. SQL, Durable Objects and routes are held by other kinds of tests. */
const inSlice = (folder: string) => [`${folder}/!(repository).ts`, `${folder}/{domain,internal}/*.ts`]

function worker(name: string, slices: string[]): Scope {
  const folders = slices.map((slice) => `workers/${name}/src/${slice}`)
  return { name, folders, files: folders.flatMap(inSlice), tests: `workers/${name}/test/unit` }
}

/** Money, stock and access. */
export const SCOPES: Scope[] = [
  {
    name: 'kernel',
    folders: ['packages/kernel/src'],
    files: ['packages/kernel/src/{money,currencies,chargeable,caller,caller-header,versions}.ts'],
    tests: 'packages/kernel/test',
  },
  worker('orders', [
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
  ]),
  worker('payments', ['payments', 'refunds', 'disputes', 'saved-methods', 'events']),
  worker('catalog', ['stock']),
]
