import { Currency } from '@shop/kernel/money'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import { isCountry, isTimeZone, localeProblem } from './known-codes.ts'

const line = (max: number) =>
  text(1, max).refine((value) => value.trim() === value, 'must not begin or end with a space')

const Country = z.string().refine(isCountry, 'must be an ISO 3166-1 country code in capitals, such as DE')

const Locale = z.string().superRefine((tag, context) => {
  const message = localeProblem(tag)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

const isDistinct = (values: readonly string[]) => new Set(values).size === values.length

const Address = z.strictObject({
  line1: line(200),
  line2: line(200).nullable(),
  city: line(100),
  region: line(100).nullable(),
  postal_code: line(20).nullable(),
  country: Country,
})

const InvoicePrefix = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9._-]{0,19}[A-Za-z._-])?$/,
    'must be at most 20 letters, digits, dots, hyphens or underscores that end with no digit',
  )

/** The file `shop.jsonc`: every member is required, so that none is forgotten, and null where a shop has none. */
export const ShopFile = z
  .strictObject({
    legal_name: line(200),
    address: Address,
    // Only its form: some shops have the number of another tax, and no list knows all of them.
    vat_id: z
      .string()
      .regex(/^[A-Z0-9][A-Z0-9 .-]{2,28}[A-Z0-9]$/, 'must be 4 to 30 capitals, digits, spaces, dots or hyphens')
      .nullable(),
    default_currency: Currency,
    currencies: z.array(Currency).min(1).max(50).refine(isDistinct, 'must not name a currency twice'),
    locales: z.array(Locale).min(1).max(50).refine(isDistinct, 'must not name a locale twice'),
    time_zone: z.string().refine(isTimeZone, 'must be a name of the IANA time zone database, such as Europe/Berlin'),
    country: Country,
    // What numbers of invoices and of credit notes begin with. Documents that were issued keep theirs.
    invoice_prefix: InvoicePrefix,
    credit_note_prefix: InvoicePrefix,
  })
  .refine(({ default_currency, currencies }) => currencies.includes(default_currency), {
    path: ['default_currency'],
    message: 'must be one of the currencies',
  })
  .refine(({ invoice_prefix, credit_note_prefix }) => invoice_prefix !== credit_note_prefix, {
    path: ['credit_note_prefix'],
    message: 'must not be that of invoices',
  })
export type ShopFile = z.output<typeof ShopFile>

/**
 * The settings of the shop, as the workers read them. Every code is known: currencies to ISO 4217, locales and the time
 * zone to `Intl`.
 */
export type ShopSettings = {
  legalName: string
  address: ShopAddress
  vatId: string | null
  /** One of `currencies`. */
  defaultCurrency: ShopFile['default_currency']
  currencies: readonly ShopFile['default_currency'][]
  /** BCP 47 tags, the default one first. */
  locales: readonly [string, ...string[]]
  /** A name of the IANA time zone database. */
  timeZone: string
  /** ISO 3166-1 alpha-2. */
  country: string
  /** What numbers of invoices and of credit notes begin with. They differ, and end with no digit, so no two numbers are alike. */
  invoicePrefix: string
  creditNotePrefix: string
}

export type ShopAddress = {
  line1: string
  line2: string | null
  city: string
  region: string | null
  postalCode: string | null
  country: string
}
