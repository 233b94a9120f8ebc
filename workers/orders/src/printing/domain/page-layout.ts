import type { Printed, PrintedColumn } from './printed.ts'
import { wrapped } from './wrapped.ts'

/** A4, in points; y counts from the bottom. */
export const PAGE = { width: 595.28, height: 841.89, margin: 50 } as const
const INNER = PAGE.width - 2 * PAGE.margin
const FOOTER = 30
const LEADING = 1.45

const TEXT: Style = { weight: 'regular', size: 9, isGrey: false }
const BOLD: Style = { ...TEXT, weight: 'bold' }
const LABEL: Style = { ...TEXT, isGrey: true }
const TITLE: Style = { ...BOLD, size: 18 }

export type Style = { weight: 'regular' | 'bold'; size: number; isGrey: boolean }
/** The width of a text, in points. */
export type Measure = (text: string, style: Style) => number
export type PlacedText = { text: string; x: number; y: number; style: Style }
/** `rules`: the heights of horizontal lines across the page. */
export type PlacedPage = { texts: PlacedText[]; rules: number[] }

/** Texts that stand beside each other. A table repeats its heading on each page. */
type Line = { height: number; texts: Omit<PlacedText, 'y'>[]; hasRule?: boolean; heading?: Line }

const gap = (height: number): Line => ({ height, texts: [] })
const lineOf = (style: Style, texts: Line['texts']): Line => ({ height: style.size * LEADING, texts })

/**
 * Places the texts of a document on pages. Long texts wrap, and tables continue on the next page.
 *
 * @param printed with texts that the font has
 */
export function layOut(printed: Printed, measure: Measure): PlacedPage[] {
  const pages = paginate([
    ...headOf(printed, measure),
    ...tableOf(printed, measure),
    ...sumsOf(printed, measure),
    ...printed.notes.flatMap((note) => wrappedLines(note, PAGE.margin, INNER, TEXT, measure)),
  ])
  return pages.map(({ texts, rules }, index) => {
    const footer = { text: printed.pageLabel(index + 1, pages.length), x: PAGE.margin, y: FOOTER, style: LABEL }
    return { texts: [...texts, footer], rules }
  })
}

function paginate(lines: Line[]): PlacedPage[] {
  let page: PlacedPage = { texts: [], rules: [] }
  const pages = [page]
  let y = PAGE.height - PAGE.margin
  const place = ({ height, texts, hasRule }: Line) => {
    y -= height
    page.texts.push(...texts.map((text) => ({ ...text, y })))
    if (hasRule) page.rules.push(y - 4)
  }
  for (const line of lines) {
    if (y - line.height < PAGE.margin) {
      page = { texts: [], rules: [] }
      pages.push(page)
      y = PAGE.height - PAGE.margin
      if (line.heading) place(line.heading)
    }
    place(line)
  }
  return pages
}

function headOf({ sender, title, blocks, facts }: Printed, measure: Measure): Line[] {
  const half = INNER / 2 - 10
  const columns = blocks.map(({ label, lines }, index) => {
    const x = PAGE.margin + index * (INNER / 2)
    const below = lines.flatMap((line) => wrapped(line, half, (text) => measure(text, TEXT)))
    return [{ text: label, x, style: LABEL }, ...below.map((text) => ({ text, x, style: TEXT }))]
  })
  const rows = Math.max(0, ...columns.map((column) => column.length))
  const labelWidth = 110
  return [
    ...sender.flatMap((line, index) => wrappedLines(line, PAGE.margin, INNER, index === 0 ? BOLD : LABEL, measure)),
    gap(24),
    ...wrappedLines(title, PAGE.margin, INNER, TITLE, measure),
    gap(10),
    ...facts.flatMap(({ label, value }) => {
      const [first, ...more] = wrappedLines(value, PAGE.margin + labelWidth, INNER - labelWidth, TEXT, measure)
      const name = { text: label, x: PAGE.margin, style: LABEL }
      return first === undefined ? [] : [{ ...first, texts: [name, ...first.texts] }, ...more]
    }),
    gap(14),
    ...Array.from({ length: rows }, (_, row) =>
      lineOf(
        TEXT,
        columns.flatMap((column) => column[row] ?? []),
      ),
    ),
    gap(18),
  ]
}

function tableOf({ columns, rows }: Printed, measure: Measure): Line[] {
  const cells = (texts: readonly string[], style: Style) => tableLines(columns, texts, style, measure)
  const labels = cells(
    columns.map(({ label }) => label),
    LABEL,
  )
  const heading: Line = { height: LABEL.size * LEADING, texts: labels.flatMap(({ texts }) => texts), hasRule: true }
  return [
    heading,
    ...rows.flatMap((row) => [{ ...gap(6), heading }, ...cells(row, TEXT).map((line) => ({ ...line, heading }))]),
    gap(12),
  ]
}

/** The lines of one row of a table: as many as its highest cell has. */
function tableLines(
  columns: readonly PrintedColumn[],
  texts: readonly string[],
  style: Style,
  measure: Measure,
): Line[] {
  let x: number = PAGE.margin
  const placed = columns.map(({ width, align }, index) => {
    const [left, room] = [x, width * INNER]
    x += room
    return wrapped(texts[index] ?? '', room - 6, (text) => measure(text, style)).map((text) => {
      return { text, x: align === 'left' ? left : left + room - measure(text, style), style }
    })
  })
  const height = Math.max(...placed.map((cell) => cell.length))
  return Array.from({ length: height }, (_, row) =>
    lineOf(
      style,
      placed.flatMap((cell) => cell[row] ?? []),
    ),
  )
}

function sumsOf({ sums }: Printed, measure: Measure): Line[] {
  const columns = [
    { label: '', align: 'right', width: 0.75 },
    { label: '', align: 'right', width: 0.25 },
  ] as const
  return sums.flatMap(({ label, value, isStrong }) => [
    ...tableLines(columns, [label, value], isStrong === true ? BOLD : TEXT, measure),
    gap(3),
  ])
}

function wrappedLines(text: string, x: number, width: number, style: Style, measure: Measure): Line[] {
  return wrapped(text, width, (part) => measure(part, style)).map((line) => lineOf(style, [{ text: line, x, style }]))
}
