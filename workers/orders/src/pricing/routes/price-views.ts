import type { CurrencyCode } from '@shop/kernel/currencies'
import { opaqueId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { z } from 'zod'
import { PROMOTION_TYPES } from '../../promotions/domain/stored-promotion.ts'
import type { OrderShipping } from '../domain/price-order.ts'
import type { PricedCart, PricedPart, TaxLine } from '../domain/pricing.ts'

const PROMOTION_ID_EXAMPLE = 'promo_01jd4k2v9rf0fv8z3x1m5q7w2e'

const TaxLineView = z
  .strictObject({
    tax_rate_id: opaqueId('taxrate_01jd4k2v9rf0fv8z3x1m5q7w2e'),
    name: z.string().meta({ example: 'VAT' }),
    rate: z.string().meta({ description: 'A decimal fraction', example: '0.19' }),
    amount: Amount,
  })
  .meta({ id: 'TaxLine' })

const LineAdjustmentView = z
  .strictObject({ promotion_id: opaqueId(PROMOTION_ID_EXAMPLE), amount: Amount.meta({ example: 2.5 }) })
  .meta({ id: 'LineAdjustment', description: 'What a promotion takes off a line, or off shipping' })

const AdjustmentView = z
  .strictObject({
    promotion_id: opaqueId(PROMOTION_ID_EXAMPLE),
    code: z.string().nullable().meta({ description: 'Null for a promotion without a code', example: 'WELCOME10' }),
    name: z.string().meta({ example: 'Welcome' }),
    type: z.enum(PROMOTION_TYPES).meta({ example: 'percentage' }),
    amount: Amount.meta({ description: 'What it takes off lines and shipping together', example: 2.5 }),
  })
  .meta({ id: 'Adjustment' })

/** What every priced part shows: a line of a cart or an order, or its shipping. */
export const partFields = {
  subtotal: Amount.meta({ description: 'Before discounts', example: 1299.99 }),
  discount: Amount.meta({ example: 0 }),
  tax: Amount.meta({ description: 'A part of the price where prices include tax, else added to it', example: 0 }),
  total: Amount.meta({
    description: '`subtotal` − `discount`, and `tax` where prices do not include it',
    example: 1299.99,
  }),
  adjustments: z.array(LineAdjustmentView),
  tax_lines: z.array(TaxLineView),
}

const ShippingView = z
  .strictObject({
    shipping_option_id: opaqueId('shopt_01jd4k2v9rf0fv8z3x1m5q7w2e'),
    name: z.string().meta({ example: 'Parcel' }),
    estimate: z.string().nullable().meta({ example: '2 to 4 days' }),
    is_pickup: z.boolean().meta({ example: false }),
    ...partFields,
  })
  .meta({ id: 'PricedShipping' })

/** What a priced cart or order shows beside its lines. */
export const totalFields = {
  subtotal: Amount.meta({ description: 'Of the items, before discounts', example: 1299.99 }),
  discount_total: Amount.meta({ description: 'Of items and shipping', example: 0 }),
  shipping_total: Amount.meta({ description: 'Before its discount', example: 0 }),
  tax_total: Amount.meta({ description: 'Of items and shipping', example: 0 }),
  total_amount: Amount.meta({
    description:
      '`subtotal` − `discount_total` + `shipping_total`, and `tax_total` where prices do not include it. What is to be paid',
  }),
  prices_include_tax: z.boolean().meta({ example: false }),
  adjustments: z.array(AdjustmentView).meta({ description: 'What each promotion takes off' }),
  tax_lines: z.array(TaxLineView).meta({ description: 'What each rate of tax amounts to' }),
  tax_exemption: z.enum(['buyer', 'reverse_charge']).nullable().meta({
    description: 'Why no tax is charged: the buyer is exempt, or owes it themselves',
    example: null,
  }),
  shipping: ShippingView.nullable().meta({ description: 'The chosen shipping option' }),
}

type Totals = Omit<PricedCart, 'lines' | 'shipping' | 'refused'> & {
  shipping: OrderShipping | null
  taxExemption: 'buyer' | 'reverse_charge' | null
}

export function toPartView(part: PricedPart, currency: CurrencyCode) {
  return {
    subtotal: toMajor(part.subtotal, currency),
    discount: toMajor(part.discount, currency),
    tax: toMajor(part.tax, currency),
    total: toMajor(part.total, currency),
    adjustments: part.adjustments.map(({ promotionId, amount }) => ({
      promotion_id: promotionId,
      amount: toMajor(amount, currency),
    })),
    tax_lines: toTaxLineViews(part.taxLines, currency),
  }
}

export function toTotalsView(priced: Totals) {
  const { currency, shipping } = priced
  return {
    subtotal: toMajor(priced.subtotal, currency),
    discount_total: toMajor(priced.discountTotal, currency),
    shipping_total: toMajor(priced.shippingTotal, currency),
    tax_total: toMajor(priced.taxTotal, currency),
    total_amount: toMajor(priced.total, currency),
    prices_include_tax: priced.pricesIncludeTax,
    adjustments: priced.adjustments.map(({ promotionId, code, name, type, amount }) => {
      return { promotion_id: promotionId, code, name, type, amount: toMajor(amount, currency) }
    }),
    tax_lines: toTaxLineViews(priced.taxLines, currency),
    tax_exemption: priced.taxExemption,
    shipping: shipping && {
      shipping_option_id: shipping.optionId,
      name: shipping.name,
      estimate: shipping.estimate,
      is_pickup: shipping.isPickup,
      ...toPartView(shipping, currency),
    },
  }
}

const toTaxLineViews = (taxLines: readonly TaxLine[], currency: CurrencyCode) =>
  taxLines.map(({ rateId, name, rate, amount }) => {
    return { tax_rate_id: rateId, name, rate, amount: toMajor(amount, currency) }
  })
