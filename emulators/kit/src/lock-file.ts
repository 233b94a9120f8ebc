import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, startOf } from './process-identity.ts'

export type Lock = { release(): Promise<void> }

export type LockOptions = {
  /** The locked resource as the error message names it: "The database in .local/postgres". */
  what: string
  /** How long to wait for the holder to end. Default 0. */
  waitMilliseconds?: number
}

type Holder = { pid: number; start: string }

const POLL_MILLISECONDS = 50

/** A running process holds the lock. The message says what to do and can be shown to people. */
export class Locked extends Error {
  override readonly name = 'Locked'
  readonly holderPid: number

  constructor(what: string, path: string, holderPid: number) {
    super(
      `${what} is in use by process ${holderPid}. Stop it first (Ctrl-C where it runs, or: kill ${holderPid}). ` +
        `If process ${holderPid} does not use it, delete ${path} and start again.`,
    )
    this.holderPid = holderPid
  }
}

/**
 * Acquires a lock that only one running process can hold. Replaces the lock of a process that has ended.
 *
 * @throws Locked when a running process (including this one) still holds it after the wait
 */
export async function acquireLock(path: string, { what, waitMilliseconds = 0 }: LockOptions): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true })
  const mine = JSON.stringify({ pid: process.pid, start: startOf(process.pid) } satisfies Holder)
  const deadline = Date.now() + waitMilliseconds
  while (!(await createWhole(path, mine))) {
    const found = await readFile(path, 'utf8').catch(() => undefined)
    if (found === undefined) continue
    const holder = runningHolder(found)
    if (holder === undefined) await removeStale(path, found, mine)
    else if (Date.now() >= deadline) throw new Locked(what, path, holder.pid)
    else await sleep(POLL_MILLISECONDS)
  }
  return { release: () => rm(path, { force: true }) }
}

/** Creates the file with its whole content at once, so that no process reads a partial lock. */
async function createWhole(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`
  await writeFile(draft, content)
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Removes the lock of a process that has ended, unless another caller is doing so.
 *
 * Under a lock of its own: between reading a lock and removing it, another caller could otherwise have replaced it, and
 * two would hold it.
 */
async function removeStale(path: string, stale: string, mine: string): Promise<void> {
  const removal = `${path}.removal`
  if (!(await createWhole(removal, mine))) {
    const found = await readFile(removal, 'utf8').catch(() => undefined)
    if (found !== undefined && runningHolder(found) === undefined) await removeStale(removal, found, mine)
    return
  }
  try {
    const found = await readFile(path, 'utf8').catch(() => undefined)
    if (found === stale) await rm(path, { force: true })
  } finally {
    await rm(removal, { force: true })
  }
}

function runningHolder(content: string): Holder | undefined {
  const holder = parseHolder(content)
  if (holder === undefined || !isAlive(holder.pid)) return undefined
  const start = startOf(holder.pid)
  const isAnotherProcess = start !== '' && holder.start !== '' && start !== holder.start
  return isAnotherProcess ? undefined : holder
}

function parseHolder(content: string): Holder | undefined {
  try {
    const { pid, start } = JSON.parse(content) as Partial<Holder>
    return typeof pid === 'number' && pid > 0 ? { pid, start: start ?? '' } : undefined
  } catch {
    return undefined
  }
}
