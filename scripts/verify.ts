import { spawn } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pMap from 'p-map'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const REPORT = join(ROOT, '.local/tests.json')

type Step = [name: string, command: string, ...args: string[]]

/** How many steps of a stage run at once. More would only wait for the two cores of a CI machine. */
const STEPS_AT_ONCE = 2

/**
 * Everything that CI checks, cheapest first. A stage needs what the one before it has written. A failed step does not stop
 * the later ones, so one run reports everything.
 */
const STAGES: Step[][] = [
  [
    ['format and lint', 'biome', 'ci', '--error-on-warnings', '.'],
    ['generate types', 'node', 'scripts/generate-types.ts'],
    ['layers', 'node', 'scripts/layers.ts'],
    ['unused files, exports and dependencies', 'knip', '--no-progress'],
  ],
  [
    ['types of the workers', 'tsc', '-p', 'tsconfig.workers.json'],
    ['types of database tests', 'tsc', '-p', 'tsconfig.database.json'],
    ['types of scripts and tests', 'tsc', '-p', 'tsconfig.node.json'],
  ],
  [['tests', 'vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`]],
]

type TestReport = {
  success: boolean
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: { status: string; assertionResults: unknown[] }[]
}

/** Runs the steps of a stage. @returns the names of those that failed */
async function runStage(stage: Step[]): Promise<string[]> {
  const failed = await pMap(stage, async (step) => ((await runStep(step, stage.length > 1)) ? [] : [step[0]]), {
    concurrency: STEPS_AT_ONCE,
  })
  return failed.flat()
}

/** Shows the output of a step: as it comes, or at its end if it runs beside others. @returns whether it succeeded */
async function runStep([name, command, ...args]: Step, hasNeighbours: boolean): Promise<boolean> {
  const title = `\n── ${name}`
  if (!hasNeighbours) console.log(title)
  const { code, output } = await run(command, args, hasNeighbours)
  if (hasNeighbours) console.log(`${title}\n${output.trimEnd()}`)
  return code === 0
}

function run(command: string, args: string[], isCaptured: boolean): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false' }
    const stdio = isCaptured ? 'pipe' : 'inherit'
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', stdio, stdio], env })
    const chunks: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => void chunks.push(chunk))
    const end = (code: number) => resolve({ code, output: Buffer.concat(chunks).toString() })
    child.once('error', (error) => {
      console.error(error.message)
      end(1)
    })
    child.once('close', (code) => end(code ?? 1))
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
for (const stage of STAGES) failedSteps.push(...(await runStage(stage)))
const counts = await readCounts().catch(() => ({ passed: 0, failed: 0, skipped: 0 }))
const isGood = failedSteps.length === 0 && counts.passed > 0 && counts.failed === 0
process.exitCode = isGood ? 0 : 1
console.log(isGood ? '\nAll steps passed.' : `\nFailed: ${failedSteps.join(', ') || 'no test ran'}`)
if (counts.skipped > 0) console.log(`${counts.skipped} skipped: their requirements are missing on this machine.`)
console.log(`${counts.passed} passed, ${counts.failed} failed`)
