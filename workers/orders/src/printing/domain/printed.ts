/** A text of a table: several lines where it has line ends. */
export type PrintedColumn = {
  label: string
  align: 'left' | 'right' /** Of the width of the page, as a fraction. */
  width: number
}

/** The texts of a printed document, in their order. They may contain any stored text; see `printable`. */
export type Printed = {
  title: string
  /** A BCP 47 tag. */
  language: string
  sender: string[]
  /** Addresses beside each other. */
  blocks: { label: string; lines: string[] }[]
  facts: { label: string; value: string }[]
  columns: PrintedColumn[]
  /** One text for each column. */
  rows: string[][]
  sums: { label: string; value: string; isStrong?: boolean }[]
  notes: string[]
  /** Below each page. */
  pageLabel: (page: number, pages: number) => string
  /** The only time in the file, so that it is the same whenever it is made. */
  at: Date
}
