/** What a product can be filtered by: brand, tag, category, option, attribute, whether it is in stock, how its name begins. */
export type TermKind = 'b' | 't' | 'c' | 'o' | 'a' | 's' | 'n'

/** As the database writes it (`catalog.refresh_search`). No brand, tag, option or attribute has this character. */
const SEPARATOR = '\u001f'

export const termOf = (kind: TermKind, ...parts: string[]): string => [kind, ...parts].join(SEPARATOR)

export function readTerm(term: string): { kind: string; name: string; value: string } {
  const [kind = '', ...parts] = term.split(SEPARATOR)
  const [name = '', value = name] = parts
  return { kind, name, value }
}
