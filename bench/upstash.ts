import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('./upstash-process.ts', import.meta.url))

/** The Upstash emulator in a child process, so that it does not share an event loop with the load. */
export async function startUpstashProcess(): Promise<{ url: string; token: string; stop(): Promise<void> }> {
  const token = crypto.randomUUID()
  const child = spawn(process.execPath, [PROGRAM, token], { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    exited.then(() => Promise.reject(new Error('The Upstash emulator did not start; see above'))),
  ])
  return {
    url,
    token,
    stop: () => {
      child.stdin.end()
      return exited
    },
  }
}
