import { rowFromJson } from '@shop/db/json-row'
import { taxCountries, taxExemptions, taxRates } from '@shop/db/schema/orders-places'
import { statement } from '@shop/db/statement'
import type { UserId } from '@shop/kernel/ids'
import { sql } from 'drizzle-orm'
import { DEFAULT_TAX_COUNTRY } from '../domain/tax-country.ts'
import type { TaxOfCountry } from '../domain/tax-terms.ts'
import { toTaxRate } from './to-tax-rate.ts'

const p = (name: 'country' | 'userId' | 'at') => sql.placeholder(name)

/** Reads it in one row. Served by tax_rates_of_country and tax_exemptions_of_user. */
const taxFor = statement<{ country: string; userId: string | null; at: string }>(
  () => sql`
    select (
      select coalesce(jsonb_agg(to_jsonb(tax) || jsonb_build_object('rate', tax.rate::text)), '[]')
      from ${taxRates} tax
      where tax.country = ${p('country')}::text and (tax.valid_to is null or tax.valid_to > ${p('at')}::timestamptz)
    ) as rates, (
      select to_jsonb(setting) from ${taxCountries} setting where setting.country = ${p('country')}::text
    ) as country, exists (
      select from ${taxExemptions} exemption
      where exemption.user_id = ${p('userId')}::text
        and (exemption.country is null or exemption.country = ${p('country')}::text)
        and (exemption.valid_from is null or exemption.valid_from <= ${p('at')}::timestamptz)
        and (exemption.valid_to is null or exemption.valid_to > ${p('at')}::timestamptz)
    ) as "isExempt"`,
)

type Json = Record<string, unknown>
export type TaxRow = { rates: Json[]; country: Json | null; isExempt: boolean }

/** `userId`: null for a guest, whom nobody can exempt. */
export type TaxedSale = { country: string; userId: UserId | null; at: Date }

/** The statement and what reads its row, for a batch that reads more. */
export const taxStatement = {
  of: ({ country, userId, at }: TaxedSale) => taxFor({ country, userId, at: at.toISOString() }),
  resultOf([row]: TaxRow[]): TaxOfCountry {
    const { rates = [], country = null, isExempt = false } = row ?? {}
    const { pricesIncludeTax, taxedAt, allowsReverseCharge } =
      country === null ? DEFAULT_TAX_COUNTRY : rowFromJson(taxCountries, country)
    return {
      rates: rates.map((rate) => toTaxRate(rowFromJson(taxRates, rate))),
      country: { pricesIncludeTax, taxedAt, allowsReverseCharge },
      isExempt,
    }
  },
}
