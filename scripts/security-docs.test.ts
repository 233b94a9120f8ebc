import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ROOT } from './deploy/configs.ts'
import { itemsOf, namedTests, readRows } from './security-docs/asvs-table.ts'
import { testTitles } from './security-docs/test-titles.ts'

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const PAGES = ['docs/asvs.md', 'docs/security.md']

/** All items of levels 1 and 2, as the standard lists them. */
const standard = z
  .strictObject({
    source: z.url(),
    commit: z.string(),
    read: z.iso.date(),
    levels: z.record(z.string(), z.string().array()),
  })
  .parse(JSON.parse(read('docs/asvs-5.0.0.json')))
const [levelOne = [], levelTwo = []] = [standard.levels['1'], standard.levels['2']]
const items = [...levelOne, ...levelTwo]
const rows = readRows(read('docs/asvs.md'))

const titlesOf = new Map<string, string[]>()
function titles(path: string): string[] {
  const known = titlesOf.get(path) ?? testTitles(path, read(path))
  titlesOf.set(path, known)
  return known
}

describe('the list of the standard', () => {
  it('has the 70 items of level 1 and the 183 of level 2, each once', () => {
    expect([levelOne.length, levelTwo.length, new Set(items).size]).toEqual([70, 183, 253])
  })
})

describe('docs/asvs.md', () => {
  it('says something of every item of levels 1 and 2, once', () => {
    const covered = rows.flatMap((row) => itemsOf(row, rows, items))
    expect(items.filter((item) => !covered.includes(item))).toEqual([])
    expect(covered.filter((item, index) => covered.indexOf(item) !== index)).toEqual([])
  })

  it('has no row that covers nothing, and none of a wrong level', () => {
    for (const row of rows) {
      expect(itemsOf(row, rows, items).length, row.line).toBeGreaterThan(0)
      const level = levelOne.includes(row.id) ? '1' : levelTwo.includes(row.id) ? '2' : ''
      expect(row.level, row.line).toBe(level)
    }
  })

  it('has what is not met at the top, and nothing else there', () => {
    const atTop = rows.filter(({ heading }) => heading === 'Not met')
    expect(atTop).toEqual(rows.filter(({ state }) => state === 'not met'))
    expect(rows.slice(0, atTop.length)).toEqual(atTop)
  })

  it('names a test of everything that is shown, a page of what is documented, and a reason of the rest', () => {
    for (const { state, evidence, line } of rows) {
      if (state === 'shown') expect(namedTests(evidence).length, line).toBeGreaterThan(0)
      if (state === 'documented') expect(evidence, line).toMatch(/\]\([^)]+\)/)
      expect(evidence.length, line).toBeGreaterThan(10)
    }
  })
})

describe.each(PAGES)('%s', (page) => {
  const named = namedTests(read(page))

  it('names tests', () => {
    expect(named.length).toBeGreaterThan(10)
  })

  it.each(named)('names a test that exists: $path > $title', ({ path, title }) => {
    expect(existsSync(join(ROOT, path)), path).toBe(true)
    expect(titles(path)).toContain(title)
  })

  it('names every test of its tables in the form that is checked', () => {
    const tables = read(page).replaceAll(/^[^|].*$/gm, '')
    const files = [...tables.matchAll(/[\w./-]+\.test\.ts(?=[ `|])/g)].map(([path]) => path)
    const plain = files.filter((path) => !named.some((test) => test.path === path))
    expect(plain).toEqual([])
  })
})

describe('the titles of a test file', () => {
  it('are those of tests and what is around them, with placeholders, however they are called', () => {
    const source = `
      describe('a cart', () => {
        describe.each([1])('of %s', () => {
          it('is kept', () => {})
          it.each([['x']])('has %s', async () => {})
          it.each(CASES)(\`costs \${price}\`, () => {})
        })
        it(RULE, () => {})
        it.skipIf(true)('is sold', () => expect(it('inner')).toBe(1))
      })
      it('stands alone', { timeout: 1 }, () => {})`
    expect(testTitles('a.test.ts', source)).toEqual([
      'a cart > of %s > is kept',
      'a cart > of %s > has %s',
      `a cart > of %s > costs \${price}`,
      'a cart > is sold',
      'a cart > inner',
      'stands alone',
    ])
  })
})
