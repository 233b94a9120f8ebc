/** Text that is HTML already; all other values are escaped when inserted. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Value = string | number | Html | readonly Html[]

/** A piece of a page. Values are untrusted, since they come from customers or other services, so they are escaped. */
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
