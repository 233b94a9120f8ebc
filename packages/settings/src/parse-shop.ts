import type { FieldError } from '@shop/kernel/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { ShopFile, type ShopSettings } from './shop-settings.ts'

export type InvalidShop = { code: 'invalid_shop'; errors: FieldError[] }

/** The settings of a shop from its file, or everything that is wrong with it. */
export function parseShop(file: unknown): Result<ShopSettings, InvalidShop> {
  const parsed = ShopFile.safeParse(file)
  if (parsed.success) return ok(toSettings(parsed.data))
  const errors = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'shop', message }))
  return fail({ code: 'invalid_shop', errors })
}

function toSettings({ address: { postal_code: postalCode, ...address }, ...file }: ShopFile): ShopSettings {
  return {
    legalName: file.legal_name,
    address: { ...address, postalCode },
    vatId: file.vat_id,
    defaultCurrency: file.default_currency,
    currencies: file.currencies,
    // The schema requires one locale or more.
    locales: file.locales as [string, ...string[]],
    timeZone: file.time_zone,
    country: file.country,
    invoicePrefix: file.invoice_prefix,
    creditNotePrefix: file.credit_note_prefix,
  }
}
