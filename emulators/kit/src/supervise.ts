import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { WatchdogReport, WatchdogSpec } from './watchdog.ts'

export type SuperviseOptions = {
  cwd?: string
  /** The complete environment of the command. Default: this process's. */
  env?: NodeJS.ProcessEnv
  /** Run as this user (needs root). */
  uid?: number
  gid?: number
  /** The signal that asks the group to end. Default SIGTERM. */
  stopSignal?: NodeJS.Signals
  /** After this time the group is killed. Default 5000. */
  graceMilliseconds?: number
  /** A directory that the watchdog deletes after the command ends, even if this process was killed. */
  removeWhenDone?: string
  /** 'pipe' (default): the caller must read `stdout` and `stderr`, or they fill up. 'inherit': uses this process's. */
  output?: 'pipe' | 'inherit'
}

export type Exit = { code: number | null; signal: NodeJS.Signals | null }

export type Supervised = {
  /** The id of the command, which leads its own process group. */
  pid: number
  stdout: Readable | null
  stderr: Readable | null
  exited: Promise<Exit>
  /** Ends the whole group (stop signal, then SIGKILL) and waits for it. Safe to call twice or after the end. */
  stop(): Promise<Exit>
}

const WATCHDOG = fileURLToPath(new URL('./watchdog.ts', import.meta.url).href)

/**
 * Runs a command in its own process group, which does not outlive this process, even if this process is SIGKILLed.
 *
 * A watchdog process in between holds a pipe from this process and ends the group when the pipe closes. The terminal's
 * Ctrl-C reaches neither of them, so the caller decides the order in which processes stop.
 *
 * @throws Error naming the command when it cannot be started
 */
export async function supervise(
  command: string,
  args: readonly string[],
  options: SuperviseOptions = {},
): Promise<Supervised> {
  const { cwd, env, output = 'pipe', ...rest } = options
  const { uid, gid, stopSignal = 'SIGTERM', graceMilliseconds = 5000, removeWhenDone } = rest
  const spec: WatchdogSpec = { command, args, cwd, uid, gid, stopSignal, graceMilliseconds, removeWhenDone }
  const watchdog = spawn(process.execPath, [WATCHDOG, JSON.stringify(spec)], {
    stdio: ['ignore', output, output, 'ipc'],
    detached: true,
    ...(env ? { env } : {}),
  })
  const exited = exitOf(watchdog)
  const pid = await started(watchdog, command)
  return {
    pid,
    stdout: watchdog.stdout,
    stderr: watchdog.stderr,
    exited,
    stop: () => {
      if (watchdog.connected) watchdog.send('stop')
      return exited
    },
  }
}

function started(watchdog: ChildProcess, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    watchdog.once('error', reject)
    watchdog.once('exit', () => reject(new Error(`${command} could not be started`)))
    watchdog.on('message', (report: WatchdogReport) => {
      if (report.type === 'started') resolve(report.pid)
      if (report.type === 'failed') reject(new Error(`${command} could not be started: ${report.message}`))
    })
  })
}

function exitOf(watchdog: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    let exit: Exit | undefined
    watchdog.on('message', (report: WatchdogReport) => {
      if (report.type === 'exited') exit = { code: report.code, signal: report.signal }
    })
    watchdog.once('exit', (code, signal) => resolve(exit ?? { code, signal }))
    watchdog.once('error', () => resolve({ code: null, signal: null }))
  })
}
