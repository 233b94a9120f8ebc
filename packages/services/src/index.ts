/** The workers, the public one first. */
export const WORKERS = ['gateway', 'users', 'catalog', 'orders', 'payments'] as const
export type Worker = (typeof WORKERS)[number]

/** Path of a worker's wrangler config, from the root of the repository. */
export const configOf = (worker: Worker) => (worker === 'gateway' ? 'wrangler.toml' : `workers/${worker}/wrangler.toml`)
