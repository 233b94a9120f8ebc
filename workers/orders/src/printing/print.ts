import fontkit, { type Font } from '@cantoo/fontkit'
import { PDFDocument, type PDFFont, rgb } from '@cantoo/pdf-lib'
import { layOut, type Measure, PAGE } from './domain/page-layout.ts'
import { printable } from './domain/printable.ts'
import type { Printed } from './domain/printed.ts'
import { FONTS } from './internal/fonts.ts'

const BLACK = rgb(0, 0, 0)
const GREY = rgb(0.4, 0.4, 0.4)

/** Draws a document as PDF. Equal documents give equal bytes, because the only time in the file is that of the document. */
export async function print(document: Printed): Promise<Uint8Array> {
  const printed = cleaned(document)
  const pdf = await PDFDocument.create({ updateMetadata: false })
  pdf.setTitle(printed.title)
  pdf.setLanguage(printed.language)
  pdf.setCreationDate(printed.at)
  pdf.setModificationDate(printed.at)
  const fonts = await embedFonts(pdf)
  const widths = { regular: widthsOf(fonts.regular), bold: widthsOf(fonts.bold) }
  const measure: Measure = (text, { weight, size }) => widths[weight](text) * size
  for (const { texts, rules } of layOut(printed, measure)) {
    const page = pdf.addPage([PAGE.width, PAGE.height])
    for (const { text, x, y, style } of texts) {
      page.drawText(text, { x, y, size: style.size, font: fonts[style.weight], color: style.isGrey ? GREY : BLACK })
    }
    for (const y of rules) {
      page.drawLine({
        start: { x: PAGE.margin, y },
        end: { x: PAGE.width - PAGE.margin, y },
        thickness: 0.5,
        color: GREY,
      })
    }
  }
  return pdf.save()
}

/**
 * Both fonts; the file embeds only the glyphs that it uses. Each letter becomes one glyph. Shaping is left out: the printed scripts do
 * not need it, and it would take ten times as long.
 */
async function embedFonts(pdf: PDFDocument) {
  pdf.registerFontkit({
    create(data) {
      const font = openFont(data)
      const layout = (text: string) => ({
        glyphs: Array.from(text, (letter) => font.glyphForCodePoint(codePointOf(letter))),
      })
      return Object.assign(font, { layout })
    },
  })
  return {
    regular: await pdf.embedFont(FONTS.regular, { subset: true }),
    bold: await pdf.embedFont(FONTS.bold, { subset: true }),
  }
}

/** The width of a text at size 1: the sum of its letters' widths. Each letter is measured once. */
function widthsOf(font: PDFFont): (text: string) => number {
  const known = new Map<string, number>()
  return (text) => {
    let sum = 0
    for (const letter of text) {
      const width = known.get(letter) ?? font.widthOfTextAtSize(letter, 1)
      known.set(letter, width)
      sum += width
    }
    return sum
  }
}

/** The document with only characters that the fonts have. Both fonts have the same characters. */
function cleaned(document: Printed): Printed {
  const font = openFont(new Uint8Array(FONTS.regular))
  const text = (stored: string) => printable(stored, (codePoint) => font.hasGlyphForCodePoint(codePoint))
  const labelled = <T extends { label: string; value: string }>(one: T) => ({
    ...one,
    label: text(one.label),
    value: text(one.value),
  })
  return {
    ...document,
    title: text(document.title),
    sender: document.sender.map(text),
    blocks: document.blocks.map(({ label, lines }) => ({ label: text(label), lines: lines.map(text) })),
    facts: document.facts.map(labelled),
    columns: document.columns.map((column) => ({ ...column, label: text(column.label) })),
    rows: document.rows.map((row) => row.map(text)),
    sums: document.sums.map(labelled),
    notes: document.notes.map(text),
  }
}

function openFont(bytes: Uint8Array): Font {
  const font = fontkit.create(bytes)
  if ('fonts' in font) throw new Error('The file has several fonts')
  return font
}

const codePointOf = (letter: string): number => letter.codePointAt(0) ?? 0
