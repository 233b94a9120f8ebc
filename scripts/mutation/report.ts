/** The parts used here of https://github.com/stryker-mutator/mutation-testing-elements (report schema). */
export type Report = { files: Record<string, { source: string; mutants: Mutant[] }> }
export type Mutant = {
  mutatorName: string
  replacement?: string
  status: 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'CompileError' | 'RuntimeError' | 'Ignored' | 'Pending'
  location: { start: Position; end: Position }
}
type Position = { line: number; column: number }

/** A mutant that no test has noticed, by the text that it replaces: line numbers change too often. */
export type Survivor = { file: string; line: number; mutator: string; code: string; replacement: string }

export type Score = { killed: number; total: number }

/** How many mutants of each folder were noticed. One that cannot run counts neither way. */
export function scoresOf(report: Report, folders: string[]): Map<string, Score> {
  return new Map(
    folders.map((folder) => {
      const files = Object.entries(report.files).filter(([path]) => path.startsWith(`${folder}/`))
      return [folder, scoreOf(files.flatMap(([, { mutants }]) => mutants))]
    }),
  )
}

function scoreOf(mutants: Mutant[]): Score {
  const killed = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length
  return { killed, total: killed + mutants.filter(isSurvivor).length }
}

const isSurvivor = ({ status }: Mutant) => status === 'Survived' || status === 'NoCoverage'

export function survivorsOf(report: Report): Survivor[] {
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
    mutants.filter(isSurvivor).map(({ mutatorName, replacement = '', location }) => ({
      file,
      line: location.start.line,
      mutator: mutatorName,
      code: onOneLine(textAt(source, location)),
      replacement: onOneLine(replacement),
    })),
  )
}

/** The same report, from which only noticed mutants can be taken over. */
export function withoutSurvivors(report: Report): Report {
  const files = Object.entries(report.files).map(
    ([path, file]) => [path, { ...file, mutants: file.mutants.filter((mutant) => !isSurvivor(mutant)) }] as const,
  )
  return { ...report, files: Object.fromEntries(files) }
}

/** Lines and columns count from 1. */
function textAt(source: string, { start, end }: Mutant['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const last = lines.length - 1
  return lines
    .map((line, index) => line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined))
    .join('\n')
}

/** The files of which less than that share of the mutants is noticed or argued for. */
export function weakFiles(report: Report, argued: ReadonlySet<string>, wanted: number): Map<string, Score> {
  const excused = survivorsOf(report).filter((one) => argued.has(lineOf(one)))
  const scores = Object.entries(report.files).map(([path, { mutants }]): [string, Score] => {
    const { killed, total } = scoreOf(mutants)
    return [path, { killed: killed + excused.filter(({ file }) => file === path).length, total }]
  })
  return new Map(scores.filter(([, { killed, total }]) => killed < wanted * total))
}

/** A survivor as docs/mutation.md lists it. */
export const lineOf = ({ file, code, replacement }: Survivor) => `${file}: ${code} → ${replacement}`

/** The survivors that a document argues: the lines of its blocks of code that contain an arrow. */
export function arguedIn(document: string): Set<string> {
  return new Set(document.split('\n').filter((line) => /^\S+\.ts: .* → /.test(line)))
}

const onOneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim()
