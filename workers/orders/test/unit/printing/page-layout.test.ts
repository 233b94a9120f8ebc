import { describe, expect, it } from 'vitest'
import { layOut, type Measure, PAGE } from '../../../src/printing/domain/page-layout.ts'
import type { Printed } from '../../../src/printing/domain/printed.ts'
import { wrapped } from '../../../src/printing/domain/wrapped.ts'

/** Each letter is half as wide as it is high. */
const measure: Measure = (text, { size }) => (Array.from(text).length * size) / 2

const aDocument = (over: Partial<Printed> = {}): Printed => ({
  ...{ title: 'Invoice INV-1', language: 'en', at: new Date(0), notes: [] },
  sender: ['Example Shop Ltd', '1 Main Street'],
  blocks: [
    { label: 'Bill to', lines: ['Ada', '1 Main St'] },
    { label: 'Ship to', lines: ['Grace'] },
  ],
  facts: [{ label: 'Date', value: 'today' }],
  columns: [
    { label: 'Description', align: 'left', width: 0.7 },
    { label: 'Amount', align: 'right', width: 0.3 },
  ],
  rows: [['Mug', '$10.00']],
  sums: [{ label: 'Total', value: '$10.00', isStrong: true }],
  pageLabel: (page, pages) => `Page ${page} of ${pages}`,
  ...over,
})
const textsOf = (printed: Printed) => layOut(printed, measure).map(({ texts }) => texts.map(({ text }) => text))

describe('a printed document', () => {
  it('has the sender, the title, both addresses, the table, its sums and the number of the page', () => {
    expect(textsOf(aDocument())).toEqual([
      [
        ...[
          'Example Shop Ltd',
          '1 Main Street',
          'Invoice INV-1',
          'Date',
          'today',
          'Bill to',
          'Ship to',
          'Ada',
          'Grace',
        ],
        ...['1 Main St', 'Description', 'Amount', 'Mug', '$10.00', 'Total', '$10.00', 'Page 1 of 1'],
      ],
    ])
  })

  it('goes on with the next page, under the heading of its table', () => {
    const rows = Array.from({ length: 200 }, (_, index) => [`Line ${index}`, '$1.00'])
    const pages = textsOf(aDocument({ rows }))
    expect(pages.length).toBeGreaterThan(3)
    for (const [index, texts] of pages.slice(1).entries()) {
      expect(texts.at(-1)).toBe(`Page ${index + 2} of ${pages.length}`)
    }
    expect(pages[1]?.slice(0, 2)).toEqual(['Description', 'Amount'])
    const lines = pages.flat().filter((text) => text.startsWith('Line '))
    expect(lines).toEqual(rows.map(([name]) => name))
  })

  it('keeps every text within the margins, whatever it contains', () => {
    const long = 'x'.repeat(500)
    const words = 'word '.repeat(100)
    const printed = aDocument({
      rows: [
        [long, '1'],
        [words, '2'],
        [`${long}\n${words}`, '3'],
      ],
      ...{ title: long, sender: [long], facts: [{ label: 'Fact', value: long }], notes: [words] },
      blocks: [
        { label: 'Bill to', lines: [long] },
        { label: 'Ship to', lines: [words] },
      ],
      sums: [{ label: long, value: '$1.00' }],
    })
    for (const { texts } of layOut(printed, measure)) {
      for (const { text, x, y, style } of texts) {
        expect(x).toBeGreaterThanOrEqual(PAGE.margin)
        expect(x + measure(text, style)).toBeLessThanOrEqual(PAGE.width - PAGE.margin + 0.01)
        expect(y).toBeGreaterThan(0)
      }
    }
  })
})

describe('a text that is too long', () => {
  const inWidth = (text: string, width: number) => wrapped(text, width, (part) => part.length)

  it('wraps at spaces, and within a word that is too wide by itself', () => {
    expect(inWidth('a cup of coffee', 8)).toEqual(['a cup of', 'coffee'])
    expect(inWidth('a cappuccino', 4)).toEqual(['a', 'capp', 'ucci', 'no'])
  })

  it('keeps its line ends and loses nothing', () => {
    expect(inWidth('one\n\ntwo', 8)).toEqual(['one', '', 'two'])
    expect(inWidth('xxxxxxxxxx', 0).join('')).toBe('xxxxxxxxxx')
  })
})
