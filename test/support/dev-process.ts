import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import getPort from 'get-port'

const DEV = fileURLToPath(new URL('../../scripts/dev.ts', import.meta.url))

export type DevProcess = {
  child: ChildProcess
  /** All its output so far, from both streams. */
  output(): string
  /** Resolves when the shop is up; rejects when the process exits first. */
  opened: Promise<void>
  /** The exit code, null when a signal ended it. */
  exited: Promise<number | null>
  stop(): Promise<number | null>
}

/** Free ports, so that the test can run beside the developer's own shop. */
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
  // A caller that only waits for the exit does not handle this rejection.
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
