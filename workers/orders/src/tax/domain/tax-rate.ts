import type { InvalidTaxRate } from '@shop/contracts/orders/place-failures'
import type { FieldError } from '@shop/kernel/failures'
import type { Id } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Area } from '../../places/domain/area.ts'
import { type AreaDraft, decideArea } from '../../places/domain/decide-area.ts'

export type TaxRateId = Id<'taxRate'>

/** A tax on what is delivered to an area. */
export type TaxRate = {
  id: TaxRateId
  /** What customers read: `VAT`, `QST`. */
  name: string
  area: Area
  /** Null for every category that has no rate of its own in the area. */
  taxCategory: string | null
  /** A decimal fraction from 0 to below 10 with up to 6 digits after the point, without zeros at its end: `0.19`. */
  rate: string
  /** Of the rates with one priority one applies; those of different ones are charged together, lower ones first. */
  priority: number
  /** Charged on the price and the taxes before it. */
  isCompound: boolean
  /** Null for ever. It applies from `validFrom` until before `validTo`. */
  validFrom: Date | null
  validTo: Date | null
  createdAt: Date
  updatedAt: Date
  version: number
}

export type TaxRateFields = Omit<TaxRate, 'id' | 'createdAt' | 'updatedAt' | 'version'>

/** The fields that staff send; absent members stay as they are. */
export type TaxRateChanges = {
  name?: string | undefined
  country?: string | undefined
  regions?: AreaDraft['regions'] | null | undefined
  postalCodes?: AreaDraft['postalCodes'] | null | undefined
  taxCategory?: string | null | undefined
  rate?: string | undefined
  priority?: number | undefined
  isCompound?: boolean | undefined
  validFrom?: Date | null | undefined
  validTo?: Date | null | undefined
}

/** What a rate has unless staff say otherwise. */
export const BLANK_RATE: Omit<TaxRateFields, 'name' | 'area' | 'rate'> = {
  ...{ taxCategory: null, priority: 1, isCompound: false, validFrom: null, validTo: null },
}

/** A decimal fraction as {@link TaxRate} has it; undefined for a text that is none. */
export function rateOf(text: string): string | undefined {
  if (!/^\d(\.\d{1,6})?$/.test(text)) return undefined
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** The fields after a change. A rate that moves to another country leaves the regions and postal codes of the one before. */
export function decideTaxRate(current: TaxRateFields, changes: TaxRateChanges): Result<TaxRateFields, InvalidTaxRate> {
  const { area: decided, errors } = decideArea(areaAfter(current.area, changes))
  const { name = current.name, rate = current.rate, priority = current.priority } = changes
  const { isCompound = current.isCompound } = changes
  const taxCategory = changes.taxCategory === undefined ? current.taxCategory : changes.taxCategory
  const validFrom = changes.validFrom === undefined ? current.validFrom : changes.validFrom
  const validTo = changes.validTo === undefined ? current.validTo : changes.validTo
  const all: FieldError[] = [...errors, ...validityErrors(validFrom, validTo)]
  if (all.length > 0) return fail({ code: 'invalid_tax_rate', errors: all })
  return ok({ name, area: decided, taxCategory, rate, priority, isCompound, validFrom, validTo })
}

function areaAfter(current: Area, { country = current.country, regions, postalCodes }: TaxRateChanges): AreaDraft {
  const isMoved = country !== current.country
  return {
    country,
    regions: regions === undefined && !isMoved ? current.regions : (regions ?? []),
    postalCodes: postalCodes === undefined && !isMoved ? current.postalCodes : (postalCodes ?? []),
  }
}

const validityErrors = (from: Date | null, to: Date | null): FieldError[] =>
  from !== null && to !== null && to <= from ? [{ field: 'valid_to', message: 'must be after valid_from' }] : []
