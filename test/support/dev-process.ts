import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import getPort from 'get-port'

const DEV = fileURLToPath(new URL('../../scripts/dev.ts', import.meta.url))

export type DevProcess = {
  child: ChildProcess
  /** All it has said so far, on either stream. */
  output(): string
  /** Resolves when the shop is open; rejects when it ends before. */
  opened: Promise<void>
  /** The exit code, null when a signal ended it. */
  exited: Promise<number | null>
  stop(): Promise<number | null>
}

/** Ports that nobody else has, so that it can run beside a shop of the developer's own. */
export async function freePorts() {
  const [gateway, neon, stripe, upstash, status] = await Promise.all(Array.from({ length: 5 }, () => getPort()))
  const env = { PORT: gateway, NEON_PORT: neon, STRIPE_PORT: stripe, UPSTASH_PORT: upstash, STATUS_PORT: status }
  return Object.fromEntries(Object.entries(env).map(([name, port]) => [name, String(port)])) as {
    [name in keyof typeof env]: string
  }
}

/** `npm run dev` as a user starts it. */
export function runDev(env: Record<string, string>): DevProcess {
  const child = spawn(process.execPath, [DEV], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const opened = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (output.includes('The shop is open')) resolve()
      })
    }
    void exited.then((code) => reject(new Error(`npm run dev ended with ${code}:\n${output}`)))
  })
  // Who only waits for the end does not look at it.
  opened.catch(() => {})
  return {
    child,
    output: () => output,
    opened,
    exited,
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}
