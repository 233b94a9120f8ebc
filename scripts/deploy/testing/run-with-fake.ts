import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../configs.ts'
import type { FakeAccount } from './fake-account.ts'

const PROGRAM = fileURLToPath(new URL('./fake-wrangler.ts', import.meta.url))

export type ScriptRun = { code: number; output: string; account: FakeAccount }

/** Runs one of the repository's scripts as a person would, with a wrangler on the PATH that knows only `account`. */
export async function runWithFake(
  args: string[],
  account: FakeAccount,
  env: Record<string, string> = {},
): Promise<ScriptRun> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-fake-wrangler-'))
  try {
    const file = join(folder, 'account.json')
    const executable = join(folder, 'wrangler')
    await writeFile(file, JSON.stringify(account))
    await writeFile(executable, `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`)
    await chmod(executable, 0o755)
    const { code, output } = await run(args, {
      PATH: `${folder}${delimiter}${process.env.PATH}`,
      FAKE_ACCOUNT: file,
      ...env,
    })
    return { code, output, account: JSON.parse(await readFile(file, 'utf8')) as FakeAccount }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function run(args: string[], env: Record<string, string>): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
