// The program that `startDataProcess` starts. Its own process, because PGlite blocks the event loop while it works.
import { type NeonServer, startNeonServer } from '../neon/server.ts'
import { exitWhenParentGoes } from '../process/parent-pipe.ts'
import { type EngineOptions, isEngineName, openEngine } from './engine.ts'

export type DataProcessOptions = EngineOptions & {
  /** Of the Neon endpoint; 0 takes a free one. */
  port: number
}

/** The one line on stdout. */
export type DataProcessReport =
  | { ready: true; url: string; adminUrl: string | null }
  | { ready: false; message: string }

async function serve({ port, ...options }: DataProcessOptions): Promise<void> {
  if (!isEngineName(options.engine)) {
    throw new Error(`LOCAL_PG must be pglite, embedded or a postgres:// URL, not "${options.engine}"`)
  }
  const opening = openEngine(options)
  let server: NeonServer | undefined
  // From the start: a parent that goes while the database opens must not leave it behind.
  exitWhenParentGoes(async () => {
    const engine = await opening.catch(() => undefined)
    await server?.close()
    await engine?.close()
  })
  const engine = await opening
  server = await startNeonServer({ backend: engine.backend, port, control: { adminRole: engine.adminRole } })
  report({ ready: true, url: server.url, adminUrl: engine.adminUrl })
}

function report(line: DataProcessReport): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

serve(JSON.parse(process.argv[2] ?? '{}') as DataProcessOptions).catch((error: unknown) => {
  process.exitCode = 1
  report({ ready: false, message: error instanceof Error ? error.message : String(error) })
  // As if the parent had gone: closes what is open, and ends.
  process.stdin.destroy()
})
