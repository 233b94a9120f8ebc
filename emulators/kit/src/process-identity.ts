import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Whether a process with this id runs, whoever owns it. One that has ended and only waits for its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const state = statOf(pid)?.[0]
  return state !== 'Z' && state !== 'X'
}

/**
 * When the process started, in a form that is only good for comparing.
 *
 * Process ids are used again, in a container after every start: two processes are the same one only if this agrees too.
 *
 * @returns '' where the machine does not tell
 */
export function startOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const startTicks = statOf(pid)?.[19]
    return startTicks === undefined ? '' : `${boot}:${startTicks}`
  } catch {
    return startByPs(pid)
  }
}

/** Linux only: the fields of /proc/<pid>/stat from the third, the state, on. The name before it may hold spaces. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

function startByPs(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return ''
  }
}
