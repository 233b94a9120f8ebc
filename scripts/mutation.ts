import { globSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Stryker } from '@stryker-mutator/core'
import { orHelp } from './arguments.ts'
import {
  arguedIn,
  lineOf,
  type Report,
  type Score,
  scoresOf,
  survivorsOf,
  weakFiles,
  withoutSurvivors,
} from './mutation/report.ts'
import { SCOPES, type Scope } from './mutation/scopes.ts'
import { withScores } from './mutation/scores-table.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DOCUMENT = 'docs/mutation.md'
const VITEST_CONFIG = fileURLToPath(new URL('mutation/vitest.config.ts', import.meta.url))
const LOCAL = '.local/mutation'
const WANTED_PERCENT = 90

const HELP = `npm run test:mutation [-- [--force] [--record] [path…]]

Changes the code of money, stock and access in small ways, and reports the changes that no unit test notices. Paths limit
it to some folders or files; the results of the others are kept from before. See ${DOCUMENT}.

  --force    test every mutant again, also those that a test noticed and whose code has not changed
  --record   write the scores of the folders that were wholly mutated into ${DOCUMENT}`

const { values, positionals } = orHelp(HELP, () =>
  parseArgs({
    allowPositionals: true,
    options: { force: { type: 'boolean', default: false }, record: { type: 'boolean', default: false } },
  }),
)

const allFilesOf = ({ files }: Scope) => globSync(files, { cwd: ROOT }).map((path) => path.replaceAll('\\', '/'))
const isChosen = (file: string) =>
  positionals.length === 0 || positionals.some((path) => file === path || file.startsWith(`${path}/`))

/** The folders of which this run mutates all that is ever mutated. */
const wholeFoldersOf = (scope: Scope) =>
  scope.folders.filter((folder) => allFilesOf(scope).every((file) => !file.startsWith(`${folder}/`) || isChosen(file)))

const reportOf = ({ name }: Scope) => join(LOCAL, `${name}.json`)

async function readReport(scope: Scope): Promise<Report> {
  const text = await readFile(reportOf(scope), 'utf8').catch(() => '{"files":{}}')
  return JSON.parse(text) as Report
}

async function mutate(scope: Scope, files: string[]): Promise<Report> {
  const before = await readReport(scope)
  // Stryker would keep a survivor of a module's top level although a test was added.
  if (Object.keys(before.files).length > 0) {
    await writeFile(reportOf(scope), JSON.stringify(withoutSurvivors(before)))
  }
  const stryker = new Stryker({
    mutate: files,
    testRunner: 'vitest',
    // Not by `testFiles`, with which version 10.1.1 activates the mutants of a module's top level only after its import.
    vitest: { configFile: VITEST_CONFIG, dir: scope.tests },
    plugins: [import.meta.resolve('@stryker-mutator/vitest-runner')],
    // Only what those tests load; packages are found through node_modules, where they are links. No tsconfig.json: Stryker
    // would rewrite it with the API of TypeScript, which version 7 has not got.
    ignorePatterns: ['**', '!workers/**', '!packages/kernel/**', '!package.json'],
    tempDirName: join(LOCAL, 'sandboxes'),
    incremental: true,
    incrementalFile: reportOf(scope),
    force: values.force,
    concurrency: 1,
    // A busy machine is no endless loop.
    timeoutMS: 120_000,
    reporters: ['progress-append-only', 'html'],
    htmlReporter: { fileName: join(LOCAL, `${scope.name}.html`) },
    allowConsoleColors: false,
  })
  await stryker.runMutationTest()
  return readReport(scope)
}

function print(label: string, { killed, total }: Score): void {
  const percent = total === 0 ? 100 : (100 * killed) / total
  console.log(`${percent.toFixed(1).padStart(5)} %  ${`${killed}/${total}`.padStart(9)}  ${label}`)
}

process.chdir(ROOT)
await mkdir(LOCAL, { recursive: true })
const argued = arguedIn(await readFile(DOCUMENT, 'utf8'))
const scores = new Map<string, Score>()
const measured = new Set<string>()
const weak = new Map<string, Score>()
for (const scope of SCOPES) {
  const files = allFilesOf(scope).filter(isChosen)
  const report = files.length > 0 ? await mutate(scope, files) : await readReport(scope)
  const survivors = survivorsOf(report).filter(({ file }) => files.includes(file))
  for (const survivor of survivors.filter((one) => !argued.has(lineOf(one)))) {
    console.log(`survives on line ${survivor.line} of ${lineOf(survivor)}`)
  }
  const alive = new Set(survivors.map(lineOf))
  const gone = [...argued].filter((line) => files.some((file) => line.startsWith(`${file}: `)) && !alive.has(line))
  for (const line of gone) console.log(`no longer survives, so remove it from ${DOCUMENT}: ${line}`)
  for (const [folder, score] of scoresOf(report, scope.folders)) scores.set(folder, score)
  for (const folder of wholeFoldersOf(scope)) measured.add(folder)
  for (const [file, score] of weakFiles(report, argued, WANTED_PERCENT / 100)) weak.set(file, score)
}
for (const [folder, score] of scores) if (score.total > 0) print(folder, score)
const sum = (of: (score: Score) => number) => [...scores.values()].reduce((before, score) => before + of(score), 0)
const all = { killed: sum(({ killed }) => killed), total: sum(({ total }) => total) }
print('in all', all)
if (weak.size > 0) console.log(`files below ${WANTED_PERCENT} % of mutants that are noticed or argued for:`)
for (const [file, score] of weak) print(file, score)
if (weak.size > 0 || 100 * all.killed < WANTED_PERCENT * all.total) process.exitCode = 1
if (values.record) {
  const made = new Map([...scores].filter(([folder]) => measured.has(folder)))
  const folders = SCOPES.flatMap((scope) => scope.folders)
  const day = new Date().toISOString().slice(0, 10)
  await writeFile(DOCUMENT, withScores(await readFile(DOCUMENT, 'utf8'), made, { folders, day }))
}
