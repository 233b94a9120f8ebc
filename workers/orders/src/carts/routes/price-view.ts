import type { CurrencyCode } from '@shop/kernel/currencies'
import { opaqueId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { z } from 'zod'
import type { PricedCart, PricedPart, PricedShipping, TaxLine } from '../../pricing/domain/pricing.ts'

const PROMOTION_ID_EXAMPLE = 'promo_01jd4k2v9rf0fv8z3x1m5q7w2e'

export const AdjustmentView = z
  .strictObject({
    promotion_id: opaqueId(PROMOTION_ID_EXAMPLE),
    amount: Amount.meta({ description: 'What the promotion takes off here' }),
  })
  .meta({ id: 'CartAdjustment' })

export const PromotionView = AdjustmentView.extend({
  code: z.string().nullable().meta({ description: 'Null for a promotion without a code', example: 'WELCOME' }),
  name: z.string().meta({ example: 'Welcome' }),
}).meta({ id: 'CartPromotion' })

export const TaxLineView = z
  .strictObject({
    rate_id: opaqueId('taxrate_01jd4k2v9rf0fv8z3x1m5q7w2e'),
    name: z.string().meta({ example: 'VAT' }),
    rate: z.string().meta({ description: 'A decimal fraction', example: '0.19' }),
    amount: Amount,
  })
  .meta({ id: 'CartTaxLine' })

const PART = {
  subtotal: Amount,
  discount: Amount,
  tax: Amount,
  total: Amount,
  adjustments: z.array(AdjustmentView),
  tax_lines: z.array(TaxLineView),
}

export const ShippingView = z
  .strictObject({
    shipping_option_id: opaqueId('shopt_01jd4k2v9rf0fv8z3x1m5q7w2e'),
    name: z.string().meta({ example: 'Standard' }),
    ...PART,
  })
  .meta({ id: 'CartShipping' })

export const toTaxLineViews = (lines: readonly TaxLine[], currency: CurrencyCode) =>
  lines.map(({ rateId, name, rate, amount }) => ({ rate_id: rateId, name, rate, amount: toMajor(amount, currency) }))

export const toPartView = (part: PricedPart, currency: CurrencyCode) => ({
  subtotal: toMajor(part.subtotal, currency),
  discount: toMajor(part.discount, currency),
  tax: toMajor(part.tax, currency),
  total: toMajor(part.total, currency),
  adjustments: part.adjustments.map(({ promotionId, amount }) => {
    return { promotion_id: promotionId, amount: toMajor(amount, currency) }
  }),
  tax_lines: toTaxLineViews(part.taxLines, currency),
})

export const toShippingView = ({ optionId, name, ...part }: PricedShipping, currency: CurrencyCode) => ({
  shipping_option_id: optionId,
  name,
  ...toPartView(part, currency),
})

export const toPromotionViews = ({ adjustments }: Pick<PricedCart, 'adjustments'>, currency: CurrencyCode) =>
  adjustments.map(({ promotionId, code, name, amount }) => {
    return { promotion_id: promotionId, code, name, amount: toMajor(amount, currency) }
  })
