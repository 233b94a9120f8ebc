import { type DependencyFetch, dependencyFetch } from './dependency-fetch.ts'

/** A trip that takes longer counts as lost: its outcome is unknown. */
const DATABASE_TIMEOUT_MS = 5_000

/** How workers send queries. A statement that fails is a 400; above 500 the database itself cannot be reached. */
export const databaseFetch: DependencyFetch = dependencyFetch('postgres', {
  timeoutMs: DATABASE_TIMEOUT_MS,
  isOutage: (response) => response.status >= 500,
})
