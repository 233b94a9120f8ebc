import { spawn } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const REPORT = join(ROOT, '.local/tests.json')

/** Everything that CI checks, cheapest first. A failed step does not stop the later ones, so one run reports everything. */
const STEPS: [name: string, command: string, ...args: string[]][] = [
  ['format and lint', 'biome', 'ci', '--error-on-warnings', '.'],
  ['layers', 'node', 'scripts/layers.ts'],
  ['unused files, exports and dependencies', 'knip', '--no-progress'],
  ['generate types', 'node', 'scripts/generate-types.ts'],
  ['types of the workers', 'tsc', '-p', 'tsconfig.workers.json'],
  ['types of scripts and tests', 'tsc', '-p', 'tsconfig.node.json'],
  ['types of database tests', 'tsc', '-p', 'tsconfig.database.json'],
  ['tests', 'vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`],
]

type TestReport = {
  success: boolean
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: { status: string; assertionResults: unknown[] }[]
}

function run(command: string, args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false' }
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env })
    child.once('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
    child.once('close', (code) => resolve(code ?? 1))
  })
}

/** The test runner's counts; a file that could not be loaded counts as one failure. */
async function readCounts(): Promise<{ passed: number; failed: number; skipped: number }> {
  const report = JSON.parse(await readFile(REPORT, 'utf8')) as TestReport
  const unloadable = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests,
  }
}

await mkdir(join(ROOT, '.local'), { recursive: true })
await rm(REPORT, { force: true })
const failedSteps: string[] = []
for (const [name, command, ...args] of STEPS) {
  console.log(`\n── ${name}`)
  if ((await run(command, args)) !== 0) failedSteps.push(name)
}
const counts = await readCounts().catch(() => ({ passed: 0, failed: 0, skipped: 0 }))
const isGood = failedSteps.length === 0 && counts.passed > 0 && counts.failed === 0
process.exitCode = isGood ? 0 : 1
console.log(isGood ? '\nAll steps passed.' : `\nFailed: ${failedSteps.join(', ') || 'no test ran'}`)
if (counts.skipped > 0) console.log(`${counts.skipped} skipped: their requirements are missing on this machine.`)
console.log(`${counts.passed} passed, ${counts.failed} failed`)
