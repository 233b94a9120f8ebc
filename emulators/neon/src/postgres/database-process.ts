// The program that `startDatabaseProcess` runs. A separate process, because PGlite blocks the event loop while it works.

import { exitWhenParentGoes } from '@shop/emulator-kit/parent-pipe'
import { type NeonEmulator, startNeonEmulator } from '../server.ts'
import { type EngineOptions, isEngineName, openEngine } from './engine.ts'
import { MigrationFailed, type MigrationFailure } from './migrate.ts'

export type DatabaseProcessOptions = EngineOptions & {
  /** The port of the Neon endpoint; 0 chooses a free one. */
  port: number
}

/** The only line on stdout. */
export type DatabaseProcessReport =
  | { ready: true; url: string; adminUrl: string | null }
  | { ready: false; message: string; migrationFailure?: MigrationFailure }

async function serve({ port, ...options }: DatabaseProcessOptions): Promise<void> {
  if (!isEngineName(options.engine)) {
    throw new Error(`The engine must be pglite, embedded or a postgres:// URL, not "${options.engine}"`)
  }
  const opening = openEngine(options)
  let server: NeonEmulator | undefined
  // Registered before the database is open, so that a parent that ends meanwhile does not leave it running.
  exitWhenParentGoes(async () => {
    const engine = await opening.catch(() => undefined)
    await server?.close()
    await engine?.close()
  })
  const engine = await opening
  server = await startNeonEmulator({ backend: engine.backend, port, control: { adminRole: engine.adminRole } })
  report({ ready: true, url: server.url, adminUrl: engine.adminUrl })
}

// A parent that has ended reads no report, and `exitWhenParentGoes` ends this process; the broken pipe must not do it first.
process.stdout.on('error', () => undefined)

function report(line: DatabaseProcessReport): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

serve(JSON.parse(process.argv[2] ?? '{}') as DatabaseProcessOptions).catch((error: unknown) => {
  process.exitCode = 1
  const message = error instanceof Error ? error.message : String(error)
  report({ ready: false, message, ...(error instanceof MigrationFailed && { migrationFailure: error.code }) })
  // Closes and ends as if the parent had ended.
  process.stdin.destroy()
})
