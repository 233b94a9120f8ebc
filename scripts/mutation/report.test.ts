import { describe, expect, it } from 'vitest'
import {
  arguedIn,
  lineOf,
  type Mutant,
  type Report,
  scoresOf,
  survivorsOf,
  weakFiles,
  withoutSurvivors,
} from './report.ts'

const SOURCE = 'const a = 1\nif (a > 1 &&\n    a < 3) stop()\n'
const mutant = (status: Mutant['status'], over: Partial<Mutant> = {}): Mutant => ({
  mutatorName: 'EqualityOperator',
  replacement: 'a >= 1',
  status,
  location: { start: { line: 2, column: 5 }, end: { line: 2, column: 10 } },
  ...over,
})
const reportOf = (files: Record<string, Mutant[]>): Report => ({
  files: Object.fromEntries(Object.entries(files).map(([path, mutants]) => [path, { source: SOURCE, mutants }])),
})

describe('the score of a folder', () => {
  it('counts the mutants that a test noticed, also by running into its time limit', () => {
    const report = reportOf({
      'src/a.ts': (['Killed', 'Timeout', 'Survived', 'NoCoverage'] as const).map((s) => mutant(s)),
    })
    expect([...scoresOf(report, ['src'])]).toEqual([['src', { killed: 2, total: 4 }]])
  })

  it('leaves out mutants that cannot run', () => {
    const report = reportOf({ 'src/a.ts': [mutant('CompileError'), mutant('RuntimeError'), mutant('Ignored')] })
    expect(scoresOf(report, ['src']).get('src')).toEqual({ killed: 0, total: 0 })
  })

  it('counts only files below it', () => {
    const report = reportOf({ 'src/stock/a.ts': [mutant('Killed')], 'src/stock-lists/b.ts': [mutant('Survived')] })
    expect(scoresOf(report, ['src/stock']).get('src/stock')).toEqual({ killed: 1, total: 1 })
  })
})

describe('a file', () => {
  const report = reportOf({ 'src/a.ts': [mutant('Killed'), mutant('Survived')], 'src/b.ts': [mutant('Killed')] })

  it('is weak where too few of its mutants are noticed', () => {
    expect([...weakFiles(report, new Set(), 0.9)]).toEqual([['src/a.ts', { killed: 1, total: 2 }]])
    expect(weakFiles(report, new Set(), 0.5).size).toBe(0)
  })

  it('is not weak where its survivors are argued for', () => {
    expect(weakFiles(report, new Set(survivorsOf(report).map(lineOf)), 0.9).size).toBe(0)
  })
})

describe('a survivor', () => {
  it('is argued where the document has its line', () => {
    const [survivor] = survivorsOf(reportOf({ 'src/a.ts': [mutant('Survived')] }))
    const document = ['No test can notice these:', '```', survivor && lineOf(survivor), '```'].join('\n')
    expect([...arguedIn(document)]).toEqual(['src/a.ts: a > 1 → a >= 1'])
  })

  it('is tested again in the next run', () => {
    const report = reportOf({ 'src/a.ts': [mutant('Survived'), mutant('Killed'), mutant('NoCoverage')] })
    expect(withoutSurvivors(report)).toEqual(reportOf({ 'src/a.ts': [mutant('Killed')] }))
  })

  it('is told by the code that it replaces', () => {
    expect(survivorsOf(reportOf({ 'src/a.ts': [mutant('Survived'), mutant('Killed')] }))).toEqual([
      { file: 'src/a.ts', line: 2, mutator: 'EqualityOperator', code: 'a > 1', replacement: 'a >= 1' },
    ])
  })

  it('of several lines is told on one', () => {
    const location = { start: { line: 2, column: 5 }, end: { line: 3, column: 10 } }
    const [survivor] = survivorsOf(
      reportOf({ 'src/a.ts': [mutant('NoCoverage', { location, replacement: '\n  true' })] }),
    )
    expect(survivor).toMatchObject({ code: 'a > 1 && a < 3', replacement: 'true' })
  })
})
