import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import getPort from 'get-port'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { acquireLock, Locked } from '../src/lock-file.ts'
import { assertPortIsFree, PortTaken } from '../src/loopback.ts'
import { isAlive, startOf } from '../src/process-identity.ts'
import { supervise } from '../src/supervise.ts'
import { runScript, until, untilGone } from '../src/testing/processes.ts'

vi.setConfig({ testTimeout: 20_000 })

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulator-process-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('a lock file', () => {
  const take = (waitMilliseconds = 0) =>
    acquireLock(join(folder, 'db.lock'), { what: 'The database', waitMilliseconds })

  it('has one holder at a time; the error says what to do', async () => {
    const lock = await take()
    const refused = await take().catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Locked)
    expect(refused).toMatchObject({
      message: expect.stringContaining(`The database is in use by process ${process.pid}. Stop it first`),
    })
    await lock.release()
    await (await take()).release()
    expect(await readdir(folder)).toEqual([])
  })

  it('replaces the lock of a process that has ended', async () => {
    const { child } = runScript('process.exit(0)')
    await new Promise((resolve) => child.once('exit', resolve))
    await writeFile(join(folder, 'db.lock'), JSON.stringify({ pid: child.pid, start: '' }))
    await (await take()).release()
  })

  it('replaces a lock whose process id now belongs to another process', async () => {
    await writeFile(join(folder, 'db.lock'), JSON.stringify({ pid: process.ppid, start: 'another boot:1' }))
    await (await take()).release()
    await writeFile(join(folder, 'db.lock'), JSON.stringify({ pid: process.ppid, start: startOf(process.ppid) }))
    await expect(take()).rejects.toThrow(Locked)
  })

  it('replaces a file that is not a lock', async () => {
    await writeFile(join(folder, 'db.lock'), 'half a l')
    await (await take()).release()
  })

  it('goes to one of twenty concurrent callers when a stale lock exists, every time', async () => {
    for (let round = 0; round < 50; round += 1) {
      await writeFile(join(folder, 'db.lock'), JSON.stringify({ pid: process.ppid, start: 'another boot:1' }))
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => take()))
      const locks = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      expect([round, locks.length]).toEqual([round, 1])
      await locks[0]?.release()
    }
    expect(await readdir(folder)).toEqual([])
  })

  it('replaces a stale lock whose removal was interrupted', async () => {
    const stale = JSON.stringify({ pid: process.ppid, start: 'another boot:1' })
    await writeFile(join(folder, 'db.lock'), stale)
    await writeFile(join(folder, 'db.lock.removal'), stale)
    await (await take()).release()
    expect(await readdir(folder)).toEqual([])
  })

  it('waits for the holder to release it, if a wait is set', async () => {
    const lock = await take()
    const second = take(10_000)
    await lock.release()
    await (await second).release()
  })
})

describe('ports', () => {
  it('accepts a free port and names a taken one', async () => {
    const port = await getPort()
    await assertPortIsFree(port, 'the API')
    const { firstLine, child } = runScript(
      `import { createServer } from 'node:net'
       createServer().listen(${port}, '127.0.0.1', () => console.log('listening'))`,
    )
    await firstLine
    await expect(assertPortIsFree(port, 'the API')).rejects.toThrow(PortTaken)
    await expect(assertPortIsFree(port, 'the API')).rejects.toThrow(`Port ${port} on 127.0.0.1, wanted for the API`)
    child.kill()
  })
})

describe('a supervised command', () => {
  /** A shell that starts a grandchild, prints both ids and ignores SIGTERM. */
  const STUBBORN = `trap '' TERM; sleep 300 & echo $$ $!; while true; do wait; sleep 1; done`

  it('passes on output and exit code', async () => {
    const command = await supervise('sh', ['-c', 'echo out; echo err >&2; exit 7'])
    if (!command.stdout || !command.stderr) throw new Error('the output is not piped')
    expect(await Promise.all([text(command.stdout), text(command.stderr)])).toEqual(['out\n', 'err\n'])
    expect(await command.exited).toEqual({ code: 7, signal: null })
    expect(await command.stop()).toEqual({ code: 7, signal: null })
  })

  it('is named in the error when it cannot be started', async () => {
    await expect(supervise('/no/such/program', [])).rejects.toThrow('/no/such/program could not be started')
  })

  it('gets the stop signal and may finish its work', async () => {
    const script = `trap 'echo done > ${folder}/done; exit 0' TERM; echo ready; while true; do sleep 0.05; done`
    const command = await supervise('sh', ['-c', script])
    await new Promise((resolve) => command.stdout?.once('data', resolve))
    expect(await command.stop()).toEqual({ code: 0, signal: null })
    expect((await stat(join(folder, 'done'))).isFile()).toBe(true)
  })

  it('is killed with its children when it ignores the stop signal', async () => {
    const command = await supervise('sh', ['-c', STUBBORN], { graceMilliseconds: 100 })
    const line = await new Promise<Buffer>((resolve) => command.stdout?.once('data', resolve))
    const pids = String(line).trim().split(' ').map(Number)
    expect(await command.stop()).toEqual({ code: null, signal: 'SIGKILL' })
    await Promise.all(pids.map(untilGone))
  })

  it('ends the children it leaves running', async () => {
    const command = await supervise('sh', ['-c', 'sleep 300 & echo $!'])
    const line = await new Promise<Buffer>((resolve) => command.stdout?.once('data', resolve))
    await command.exited
    await untilGone(Number(String(line)))
  })

  it('ends and loses its directory when its parent is SIGKILLed', async () => {
    const { child, firstLine } = runScript(`
      import { supervise } from '@shop/emulator-kit/supervise'
      const options = { graceMilliseconds: 100, removeWhenDone: ${JSON.stringify(folder)} }
      const command = await supervise('sh', ['-c', ${JSON.stringify(STUBBORN)}], options)
      command.stdout.pipe(process.stdout)`)
    const pids = (await firstLine).split(' ').map(Number)
    expect(pids.every(isAlive)).toBe(true)
    child.kill('SIGKILL')
    await Promise.all(pids.map(untilGone))
    await until(() =>
      stat(folder).then(
        () => false,
        () => true,
      ),
    )
  })
})

describe('a child with a parent pipe', () => {
  const CHILD = `
    import { exitWhenParentGoes } from '@shop/emulator-kit/parent-pipe'
    import { writeFile } from 'node:fs/promises'
    exitWhenParentGoes(() => writeFile(process.env.FOLDER + '/closed', ''))
    setInterval(() => {}, 1000)
    console.log(process.pid)`

  it('closes and ends when its parent is SIGKILLed', async () => {
    const { child, firstLine } = runScript(`
      import { spawn } from 'node:child_process'
      const env = { ...process.env, FOLDER: ${JSON.stringify(folder)} }
      const args = ['--input-type=module-typescript', '--eval', ${JSON.stringify(CHILD)}]
      spawn(process.execPath, args, { env, stdio: ['pipe', 'inherit', 'inherit'] })`)
    const pid = Number(await firstLine)
    child.kill('SIGKILL')
    await untilGone(pid)
    expect(await readdir(folder)).toEqual(['closed'])
  })
})
