import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TraceCounts } from '@shop/emulator-kit/trace-counts'
import { type NeonCounts, type NeonEmulator, startNeonEmulator } from '../server.ts'
import { copyMigratedData } from './data-snapshot.ts'
import { openEmbeddedEngine } from './engine.ts'

export type TestDatabase = {
  /** For `neonConfig.fetchEndpoint`. */
  neonEndpoint: string
  /** The superuser's Postgres URL. */
  adminUrl: string
  /** For `neon()`: the connection string of a role. */
  connectionString(role: string): string
  counts(): NeonCounts
  /** Round trips per trace. */
  traces: TraceCounts
  resetCounts(): void
  /** Faults between the client and Postgres, initially none. */
  faults: NeonEmulator['faults']
  /** Ends the process and deletes the directory. */
  stop(): Promise<void>
}

export type TestDatabaseOptions = {
  migrationsFolder: string
  /** The directory of snapshots of migrated data, which save most of the start. By default there is none. */
  cacheDir?: string
}

/**
 * A new, migrated PostgreSQL 18 with a Neon endpoint in this process.
 *
 * @throws MigrationFailed
 */
export async function startTestDatabase({ migrationsFolder, cacheDir }: TestDatabaseOptions): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'neon-emulator-test-database-'))
  try {
    if (cacheDir !== undefined) await copyMigratedData(dataDir, cacheDir, migrationsFolder)
    const engine = await openEmbeddedEngine({ dataDir, migrationsFolder, durable: false, temporary: true })
    const server = await startNeonEmulator({ backend: engine.backend })
    return {
      neonEndpoint: server.url,
      adminUrl: engine.adminUrl,
      connectionString: server.connectionString,
      counts: server.counts,
      traces: server.traces,
      resetCounts: server.resetCounts,
      faults: server.faults,
      stop: async () => {
        await server.close()
        await engine.close()
      },
    }
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true })
    throw error
  }
}
