import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { DatabaseProcessOptions, DatabaseProcessReport } from './database-process.ts'

export type { DatabaseProcessOptions } from './database-process.ts'

export type DatabaseProcess = {
  pid: number
  /** The Neon endpoint. */
  url: string
  /** null for PGlite. */
  adminUrl: string | null
  /** Resolves when the process ends for any reason. */
  exited: Promise<void>
  /** Closes the database in good order. Safe to call twice or after the end. */
  stop(): Promise<void>
}

const PROGRAM = fileURLToPath(new URL('./database-process.ts', import.meta.url))

/**
 * Starts the database with its Neon endpoint in its own process and waits until it is ready.
 *
 * The process ends with this one. The terminal's Ctrl-C does not reach it, so that the caller can stop it last. Its log
 * goes to this process's stderr.
 *
 * @throws Error with the message of the process: a taken port, a database in use, a failed migration
 */
export async function startDatabaseProcess(options: DatabaseProcessOptions): Promise<DatabaseProcess> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const report = await firstReport(child)
  if (!report.ready) {
    await exited
    throw new Error(report.message)
  }
  return {
    pid: child.pid ?? 0,
    url: report.url,
    adminUrl: report.adminUrl,
    exited,
    stop: () => {
      child.stdin?.end()
      return exited
    },
  }
}

function firstReport(child: ChildProcess): Promise<DatabaseProcessReport> {
  return new Promise((resolve) => {
    if (child.stdout) {
      createInterface({ input: child.stdout }).once('line', (line) =>
        resolve(JSON.parse(line) as DatabaseProcessReport),
      )
    }
    child.once('error', (error) => resolve({ ready: false, message: error.message }))
    child.once('close', (code, signal) => {
      const end = signal ? `by ${signal}` : `with code ${code}`
      resolve({ ready: false, message: `The database process ended ${end} before it was ready.` })
    })
  })
}
