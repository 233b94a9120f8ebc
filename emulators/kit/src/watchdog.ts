// The program that `supervise` runs between a parent and its command. Import only its types: it starts on import.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

export type WatchdogSpec = {
  command: string
  args: readonly string[]
  cwd: string | undefined
  uid: number | undefined
  gid: number | undefined
  stopSignal: NodeJS.Signals
  graceMilliseconds: number
  removeWhenDone: string | undefined
}

export type WatchdogReport =
  | { type: 'started'; pid: number }
  | { type: 'failed'; message: string }
  | { type: 'exited'; code: number | null; signal: NodeJS.Signals | null }

function watch({ command, args, stopSignal, graceMilliseconds, removeWhenDone, cwd, uid, gid }: WatchdogSpec): void {
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  })

  child.once('spawn', () => report({ type: 'started', pid: child.pid ?? 0 }))
  child.once('error', (error) => finish({ type: 'failed', message: error.message }, 1))
  child.once('exit', (code, signal) => {
    // Ends what the command left running in its group.
    signalGroup('SIGKILL')
    finish({ type: 'exited', code, signal }, code ?? 1)
  })

  process.once('message', stop).once('disconnect', stop)
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', stop)
  // The parent may have ended while this file was loading.
  if (!process.connected) stop()

  function stop(): void {
    signalGroup(stopSignal)
    setTimeout(() => signalGroup('SIGKILL'), graceMilliseconds).unref()
  }

  function signalGroup(signal: NodeJS.Signals): void {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, signal)
    } catch {
      // The group has already ended.
    }
  }

  function finish(last: WatchdogReport, exitCode: number): void {
    if (removeWhenDone !== undefined) rmSync(removeWhenDone, { recursive: true, force: true, maxRetries: 5 })
    report(last, () => process.exit(exitCode))
  }
}

function report(message: WatchdogReport, then: () => void = () => {}): void {
  if (process.connected && process.send) process.send(message, () => then())
  else then()
}

watch(JSON.parse(process.argv[2] ?? '{}') as WatchdogSpec)
