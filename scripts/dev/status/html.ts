/** Text that is HTML already; all other values are escaped when inserted. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Value = string | number | Html | readonly Html[]

/** A piece of a page. Values are untrusted: they come from customers, Stripe, or a shared Redis. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(parts.reduce((text, part, index) => `${text}${toHtml(values[index - 1] ?? '')}${part}`))
}

function toHtml(value: Value): string {
  if (value instanceof Html) return value.text
  return typeof value === 'object' ? value.map(toHtml).join('') : escaped(String(value))
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

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
