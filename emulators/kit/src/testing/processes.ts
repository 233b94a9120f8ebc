import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from '../process-identity.ts'

export type Script = { child: ChildProcess; firstLine: Promise<string> }

/** Runs a TypeScript module in its own process. Relative imports resolve from this folder. */
export function runScript(source: string, spawnOptions: { uid?: number; gid?: number; cwd?: string } = {}): Script {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', source], {
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'inherit'],
    ...spawnOptions,
  })
  const lines = createInterface({ input: child.stdout })
  const firstLine = Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    once(child, 'exit').then(() => {
      throw new Error('the script ended without printing a line')
    }),
  ])
  // Not every test awaits the line.
  firstLine.catch(() => {})
  return { child, firstLine }
}

/** Polls a condition that another process fulfils. The test's timeout limits the wait. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(20)
}

export function untilGone(pid: number): Promise<void> {
  return until(() => !isAlive(pid))
}
