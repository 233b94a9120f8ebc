import { describe, expect, it } from 'vitest'
import { withScores } from './scores-table.ts'

const DOCUMENT = `Scores:

| folder | mutants | noticed | score | measured |
|---|---|---|---|---|
| \`src/a\` | 1,200 | 1,140 | 95.0 % | 2026-11-29 |
| \`src/c\` | 10 | 10 | 100.0 % | 2026-11-29 |
| all | 1,210 | 1,150 | 95.0 % |  |

More text.
`
const folders = ['src/a', 'src/b', 'src/c']

describe('the table of scores', () => {
  it('gets the folders that were measured, in their order, and keeps the others', () => {
    const scores = new Map([
      ['src/b', { killed: 1_900, total: 2_000 }],
      ['src/c', { killed: 9, total: 10 }],
    ])
    const written = withScores(DOCUMENT, scores, { folders, day: '2026-12-01' })
    expect(written.split('\n').slice(3)).toEqual([
      '|---|---|---|---|---|',
      '| `src/a` | 1,200 | 1,140 | 95.0 % | 2026-11-29 |',
      '| `src/b` | 2,000 | 1,900 | 95.0 % | 2026-12-01 |',
      '| `src/c` | 10 | 9 | 90.0 % | 2026-12-01 |',
      '| all | 3,210 | 3,049 | 95.0 % |  |',
      ...['', 'More text.', ''],
    ])
  })

  it('stays as it is when nothing was measured', () => {
    expect(withScores(DOCUMENT, new Map(), { folders, day: '2026-12-01' })).toBe(DOCUMENT)
  })

  it('loses folders that are no longer mutated', () => {
    expect(withScores(DOCUMENT, new Map(), { folders: ['src/c'], day: '2026-12-01' })).not.toContain('src/a')
  })

  it('must be there', () => {
    expect(() => withScores('Text only', new Map(), { folders, day: '2026-12-01' })).toThrow('no table')
  })
})
