import type { Score } from './report.ts'

type Row = Score & { folder: string; day: string }

const ROW = /^\| `(\S+)` \| ([\d,]+) \| ([\d,]+) \| .* \| (\d{4}-\d\d-\d\d) \|$/
const isRow = (line: string) => ROW.test(line) || line.startsWith('| all | ')

/**
 * docs/mutation.md with the scores of this run; folders that were not measured now keep their scores and days.
 *
 * @param folders all that are mutated, in the order of the rows
 */
export function withScores(
  document: string,
  scores: ReadonlyMap<string, Score>,
  { folders, day }: { folders: readonly string[]; day: string },
): string {
  const lines = document.split('\n')
  const begin = lines.findIndex(isRow)
  if (begin === -1) throw new Error('The document has no table of scores')
  const known = new Map(lines.flatMap(readRow).map((row) => [row.folder, row]))
  const rows = folders.flatMap((folder): Row[] => {
    const score = scores.get(folder)
    const before = known.get(folder)
    if (score !== undefined) return [{ ...score, folder, day }]
    return before === undefined ? [] : [before]
  })
  const sum = (of: (row: Row) => number) => rows.reduce((whole, row) => whole + of(row), 0)
  const all = cells('all', { killed: sum(({ killed }) => killed), total: sum(({ total }) => total) }, '')
  const written = [...rows.map(({ folder, day: measured, ...score }) => cells(`\`${folder}\``, score, measured)), all]
  return [...lines.slice(0, begin), ...written, ...lines.slice(begin).filter((line) => !isRow(line))].join('\n')
}

function readRow(line: string): Row[] {
  const [, folder, total, killed, day] = ROW.exec(line) ?? []
  if (folder === undefined || day === undefined) return []
  return [{ folder, total: count(total), killed: count(killed), day }]
}

const count = (text = ''): number => Number(text.replaceAll(',', ''))

function cells(name: string, { killed, total }: Score, day: string): string {
  const percent = total === 0 ? 100 : (100 * killed) / total
  const figures = [total, killed].map((figure) => figure.toLocaleString('en'))
  return `| ${[name, ...figures, `${percent.toFixed(1)} %`, day].join(' | ')} |`
}
