import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

type Ended = { code: number; stdout: string; stderr: string }

function run(script: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile('node', [script, ...args], { cwd: ROOT }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}

const COMMANDS: [name: string, script: string][] = [
  ['dev', 'scripts/dev.ts'],
  ['bench', 'bench/run.ts'],
  ['deploy', 'scripts/deploy.ts'],
  ['rollback', 'scripts/deploy/rollback.ts'],
  ['db:migrate', 'scripts/migrate.ts'],
  ['setup:cloudflare', 'scripts/setup-cloudflare/main.ts'],
]

describe.each(COMMANDS)('npm run %s', { timeout: 30_000 }, (name, script) => {
  it('prints its help text, and does nothing else', async () => {
    const { code, stdout, stderr } = await run(script, '--help')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^npm run ${name}\\b`))
  })

  it('refuses an unknown option in one line, and does nothing', async () => {
    const { code, stdout, stderr } = await run(script, '--nonsense')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain("Unknown option '--nonsense'")
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})
