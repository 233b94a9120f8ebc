import { Amount, Currency } from '@shop/kernel/money'
import { z } from 'zod'
import type { NewPromotion, PromotionChanges } from '../domain/promotion-draft.ts'
import * as field from './promotion-fields.ts'

const products = field.ids('product').nullish()
const collections = field.ids('collection').nullish()
const appliesTo = z.strictObject({ products, categories: field.ids('category').nullish(), collections })
const conditions = z.strictObject({
  min_subtotal: field.amounts.nullish().meta({ description: 'In a currency without an amount it does not apply' }),
  min_quantity: field.quantity.nullish(),
  countries: field.countries.nullish(),
  customer_groups: field.customerGroups.nullish(),
  first_order: field.firstOrder.nullish(),
})

const APPLIES_TO = 'What it discounts, and whose price and units its conditions count; everything when omitted'
const BUY = 'Of `buy_x_get_y`: units that are paid in full; any product when no list is given'
const GET =
  'Of `buy_x_get_y`: units that are discounted, the cheapest first; the products of `buy` when no list is given'
const BUDGET = 'The most that all orders together get; then it is for orders in this currency only'

/** What both bodies have. Null counts as absent in a new promotion, and removes the field from one that exists. */
const SHARED = {
  code: field.code.nullish(),
  value: field.percent.nullish(),
  amounts: field.amounts.nullish(),
  tiers: field.tiers.nullish(),
  applies_to: appliesTo.nullish().meta({ description: APPLIES_TO }),
  conditions: conditions.nullish(),
  usage_limit: field.usageLimit.nullish(),
  usage_limit_per_customer: field.usageLimitPerCustomer.nullish(),
  starts_at: field.startsAt,
  ends_at: field.endsAt,
  priority: field.priority.nullish(),
  stackable: field.stackable.nullish(),
}

export const CreatePromotionBody = z
  .strictObject({
    name: field.name,
    type: field.type,
    ...SHARED,
    single_use_codes: field.singleUseCodes.optional(),
    buy: z.strictObject({ quantity: field.quantity, products, collections }).nullish().meta({ description: BUY }),
    get: z
      .strictObject({ quantity: field.quantity, percent_off: field.percent, products, collections })
      .nullish()
      .meta({ description: GET }),
    budget: z.strictObject({ currency: Currency, amount: Amount }).nullish().meta({ description: BUDGET }),
  })
  .meta({
    id: 'CreatePromotionRequest',
    description:
      'The type says what else is required: `value` of `percentage`, `amounts` of `fixed_amount`, `tiers` of `tiered`, `buy` ' +
      'and `get` of `buy_x_get_y`; no other type takes them',
    example: { name: 'Summer sale', code: 'SUMMER-10', type: 'percentage', value: 10, usage_limit: 100 },
  })

export const UpdatePromotionBody = z
  .strictObject({
    name: field.name.optional(),
    type: field.type.optional(),
    ...SHARED,
    buy: z
      .strictObject({ quantity: field.quantity.nullish(), products, collections })
      .nullish()
      .meta({ description: BUY }),
    get: z
      .strictObject({ quantity: field.quantity.nullish(), percent_off: field.percent.nullish(), products, collections })
      .nullish()
      .meta({ description: GET }),
    budget: z
      .strictObject({ currency: Currency.nullish(), amount: Amount.nullish() })
      .nullish()
      .meta({ description: BUDGET }),
  })
  .meta({
    id: 'UpdatePromotionRequest',
    description:
      'A merge patch (RFC 7396): omitted fields, and omitted members of objects, stay as they are; null removes them; lists ' +
      'are replaced',
  })

type Body = Omit<z.output<typeof UpdatePromotionBody>, 'name' | 'type'>

/** What both bodies say, in the words of the domain. */
function toFields(body: Body): PromotionChanges {
  const { code, value, amounts, tiers, budget, priority, stackable, buy, get } = body
  const appliesTo = body.applies_to
  return {
    ...{ code, value, amounts, budget, priority, stackable },
    tiers: tiers === null ? null : tiers?.map(toTier),
    buy: buy && { quantity: buy.quantity, ...productsOf(buy) },
    get: get && { quantity: get.quantity, percentOff: get.percent_off, ...productsOf(get) },
    appliesTo: appliesTo && { ...productsOf(appliesTo), categoryIds: appliesTo.categories },
    conditions: toConditions(body.conditions),
    usageLimit: body.usage_limit,
    usageLimitPerCustomer: body.usage_limit_per_customer,
    startsAt: body.starts_at,
    endsAt: body.ends_at,
  }
}

type TierBody = NonNullable<Body['tiers']>[number]
const toTier = ({ min_quantity: minQuantity, min_subtotal: minSubtotal, value }: TierBody) => ({
  minQuantity,
  minSubtotal,
  value,
})

const toConditions = (conditions: Body['conditions']): PromotionChanges['conditions'] =>
  conditions && {
    minSubtotal: conditions.min_subtotal,
    minQuantity: conditions.min_quantity,
    countries: conditions.countries,
    groupIds: conditions.customer_groups,
    isFirstOrder: conditions.first_order,
  }

type Lists = { products?: number[] | null | undefined; collections?: number[] | null | undefined }
const productsOf = ({ products, collections }: Lists) => ({ productIds: products, collectionIds: collections })

export const toChanges = ({ name, type, ...body }: z.output<typeof UpdatePromotionBody>): PromotionChanges => ({
  ...toFields(body),
  name,
  type,
})

export const toNewPromotion = ({ name, type, ...body }: z.output<typeof CreatePromotionBody>): NewPromotion => ({
  ...toFields(body),
  name,
  type,
  hasSingleUseCodes: body.single_use_codes,
})
