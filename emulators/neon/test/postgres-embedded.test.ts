import { chmod, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runScript, until, untilGone } from '@shop/emulator-kit/testing/processes'
import getPort from 'get-port'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startEmbeddedPostgres } from '../src/postgres/embedded.ts'

vi.setConfig({ testTimeout: 30_000 })

const NOBODY = 65534
const isRoot = process.getuid?.() === 0

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neon-emulator-embedded-'))
  await chmod(folder, 0o755)
})
afterEach(() => rm(folder, { recursive: true }))

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query({ text, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

describe('embedded PostgreSQL', () => {
  it('listens on 127.0.0.1 only, at the given port, in UTF-8 and UTC', async () => {
    const port = await getPort()
    const server = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), port, durable: true })
    expect(server.url).toBe(`postgres://postgres@127.0.0.1:${port}/postgres`)
    const settings = `SELECT setting FROM pg_settings WHERE name IN
      ('fsync', 'listen_addresses', 'server_encoding', 'TimeZone', 'unix_socket_directories') ORDER BY lower(name)`
    expect(await query(server.url, settings)).toEqual(['on', '127.0.0.1', 'UTF8', 'UTC', ''])
    await server.stop()
  })

  it('names a taken port', async () => {
    const first = await startEmbeddedPostgres({ dataDir: join(folder, 'a'), durable: false })
    const port = Number(new URL(first.url).port)
    const second = startEmbeddedPostgres({ dataDir: join(folder, 'b'), port, durable: false })
    await expect(second).rejects.toThrow(`Port ${port} on 127.0.0.1, wanted for PostgreSQL, is taken`)
    await first.stop()
  })

  it('ends and deletes its temporary directory when its parent is SIGKILLed', async () => {
    const dataDir = join(folder, 'data')
    const { child, firstLine } = runScript(`
      import { readFileSync } from 'node:fs'
      import { startEmbeddedPostgres } from '@shop/neon-emulator/postgres/embedded'
      const dataDir = ${JSON.stringify(dataDir)}
      await startEmbeddedPostgres({ dataDir, durable: false, temporary: true })
      console.log(readFileSync(dataDir + '/postmaster.pid', 'utf8').split('\\n')[0])`)
    const pid = Number(await firstLine)
    child.kill('SIGKILL')
    await untilGone(pid)
    await until(() =>
      stat(dataDir).then(
        () => false,
        () => true,
      ),
    )
  })

  it.runIf(isRoot)('runs for an ordinary user', async () => {
    const { child, firstLine } = runScript(
      `import { mkdtempSync } from 'node:fs'
       import { tmpdir } from 'node:os'
       import { startEmbeddedPostgres } from '@shop/neon-emulator/postgres/embedded'
       const dataDir = mkdtempSync(tmpdir() + '/neon-emulator-as-nobody-')
       const server = await startEmbeddedPostgres({ dataDir, durable: false, temporary: true })
       console.log(server.url)
       process.stdin.on('end', () => server.stop()).resume()`,
      { uid: NOBODY, gid: NOBODY },
    )
    expect(await query(await firstLine, 'SELECT 1')).toEqual([1])
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.stdin?.end()
    expect(await ended).toBe(0)
  })

  it.runIf(isRoot)('names the folder that the user of PostgreSQL cannot enter, for root', async () => {
    await chmod(folder, 0o700)
    const starting = startEmbeddedPostgres({ dataDir: join(folder, 'data'), durable: true })
    await expect(starting).rejects.toThrow(`${folder} is closed to others. Use the pglite engine`)
  })
})
