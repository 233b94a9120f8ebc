import { type ShippingAddress, structured } from './order.ts'

/** The lines of an address: those of free text, or the parts of a structured address in their usual order. Other parts come as sent. */
export function addressLines(address: ShippingAddress | null): string[] {
  const parts = structured(address)
  if (parts !== null) {
    const { name, company, line1, line2, city, region, postal_code, country } = parts
    return filled([name, company, line1, line2, filled([postal_code, city, region]).join(' '), country])
  }
  if (address === null) return []
  return filled(typeof address === 'string' ? address.split(/\r?\n/) : Object.values(address))
}

const filled = (texts: (string | undefined)[]): string[] =>
  texts.map((text) => text?.trim() ?? '').filter((text) => text !== '')
