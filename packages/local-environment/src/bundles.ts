import { fileURLToPath } from 'node:url'

/** Where `scripts/build-workers.ts` writes the bundles, one folder per worker. */
export const BUILD = fileURLToPath(new URL('../../../.local/build', import.meta.url))
