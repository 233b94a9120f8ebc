import { Html, html } from '@shop/emulator-kit/html'

/** A table, or `otherwise` when it would have no rows. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[], otherwise: string) {
  if (rows.length === 0) return html`<p class="none">${otherwise}</p>`
  const cell = (value: string | number) => html`<td${typeof value === 'number' ? NUMBER : NOTHING}>${value}</td>`
  return html`<table><thead><tr>${headings.map((heading) => html`<th>${heading}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${row.map(cell)}</tr>
`,
  )}</tbody></table>`
}

const NUMBER = new Html(' class="number"')
const NOTHING = new Html('')
