import { chargeRule } from '@shop/kernel/currencies'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { priceCart } from '../../../src/pricing/domain/price-cart.ts'
import type { PricedCart, PricedPart, Pricing } from '../../../src/pricing/domain/pricing.ts'
import { anyPricing, anyPricingTaxedElsewhere } from '../../support/pricing/any-pricing.ts'

const total = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0)
const totalOf = (parts: readonly { amount: number }[]) => total(parts.map(({ amount }) => amount))

/** Lines and shipping. */
const partsOf = ({ lines, shipping }: PricedCart): PricedPart[] => (shipping === null ? lines : [...lines, shipping])

/** Whoever computes its taxes. */
const anyTaxed = fc.oneof(anyPricing, anyPricingTaxedElsewhere)

/** Any cart, and the same with its lines and promotions in another order. */
const reordered = anyPricing.chain((pricing) => {
  const shuffled = <T>(values: readonly T[]) => fc.shuffledSubarray([...values], { minLength: values.length })
  return fc
    .tuple(shuffled(pricing.lines), shuffled(pricing.promotions))
    .map(([lines, promotions]): [Pricing, Pricing] => [pricing, { ...pricing, lines, promotions }])
})

/** Everything of a cart but the order of its lines. */
const withoutOrder = (cart: PricedCart) => ({
  ...cart,
  lines: [...cart.lines].sort((a, b) => (a.id < b.id ? -1 : 1)),
})

describe('every cart', () => {
  it('adds up in each line and in shipping', () => {
    fc.assert(
      fc.property(anyTaxed, (pricing) => {
        const cart = priceCart(pricing)
        for (const part of partsOf(cart)) {
          expect(part.discount).toBe(totalOf(part.adjustments))
          expect(part.tax).toBe(totalOf(part.taxLines))
          expect(part.total).toBe(part.subtotal - part.discount + (cart.pricesIncludeTax ? 0 : part.tax))
        }
        expect(cart.lines.map(({ subtotal }) => subtotal)).toEqual(
          pricing.lines.map(({ unitPrice, quantity }) => unitPrice * quantity),
        )
        expect(cart.shipping?.subtotal).toBe(pricing.shipping?.price)
      }),
    )
  })

  it('adds up over lines and shipping', () => {
    fc.assert(
      fc.property(anyTaxed, (pricing) => {
        const cart = priceCart(pricing)
        const parts = partsOf(cart)
        const { subtotal, discountTotal, shippingTotal, taxTotal } = cart
        expect(subtotal).toBe(total(cart.lines.map((line) => line.subtotal)))
        expect(shippingTotal).toBe(cart.shipping?.subtotal ?? 0)
        expect(discountTotal).toBe(total(parts.map(({ discount }) => discount)))
        expect(taxTotal).toBe(total(parts.map(({ tax }) => tax)))
        expect(cart.total).toBe(subtotal - discountTotal + shippingTotal + (cart.pricesIncludeTax ? 0 : taxTotal))
        expect(cart.total).toBe(total(parts.map((part) => part.total)))
      }),
    )
  })

  it('adds up by promotion and by rate', () => {
    fc.assert(
      fc.property(anyTaxed, (pricing) => {
        const cart = priceCart(pricing)
        const adjustments = partsOf(cart).flatMap((part) => part.adjustments)
        for (const { promotionId, amount } of cart.adjustments) {
          expect(amount).toBe(totalOf(adjustments.filter((adjustment) => adjustment.promotionId === promotionId)))
          expect(amount).toBeGreaterThan(0)
        }
        expect(totalOf(cart.adjustments)).toBe(cart.discountTotal)
        const taxLines = partsOf(cart).flatMap((part) => part.taxLines)
        for (const { rateId, amount } of cart.taxLines) {
          expect(amount).toBe(totalOf(taxLines.filter((taxLine) => taxLine.rateId === rateId)))
        }
        expect(totalOf(cart.taxLines)).toBe(cart.taxTotal)
      }),
    )
  })

  it('has whole amounts of 0 or more, discounts of at most the price, and no more tax than a price that includes it', () => {
    fc.assert(
      fc.property(anyTaxed, (pricing) => {
        const cart = priceCart(pricing)
        for (const part of partsOf(cart)) {
          const amounts = [part.subtotal, part.discount, part.tax, part.total]
          const explained = [...part.adjustments, ...part.taxLines].map(({ amount }) => amount)
          expect([...amounts, ...explained].every((amount) => Number.isSafeInteger(amount) && amount >= 0)).toBe(true)
          expect(part.discount).toBeLessThanOrEqual(part.subtotal)
          if (cart.pricesIncludeTax) expect(part.tax).toBeLessThanOrEqual(part.total)
        }
      }),
    )
  })

  it('has the same prices and discounts, whoever computes its taxes, and exactly the given ones', () => {
    fc.assert(
      fc.property(anyPricingTaxedElsewhere, (pricing) => {
        const [cart, own] = [priceCart(pricing), priceCart({ ...pricing, givenTaxes: undefined })]
        const untaxed = ({ subtotal, discount, adjustments }: PricedPart) => ({ subtotal, discount, adjustments })
        expect(partsOf(cart).map(untaxed)).toEqual(partsOf(own).map(untaxed))
        const { lines, shipping } = pricing.givenTaxes ?? { lines: new Map(), shipping: [] }
        for (const { id, tax } of cart.lines) expect(tax).toBe(totalOf(lines.get(id) ?? []))
        expect(cart.shipping?.tax ?? 0).toBe(totalOf(shipping))
      }),
    )
  })

  it('costs the same in whatever order its lines and promotions were entered', () => {
    fc.assert(
      fc.property(reordered, ([pricing, other]) => {
        expect(withoutOrder(priceCart(other))).toEqual(withoutOrder(priceCart(pricing)))
      }),
    )
  })

  it('costs the same as an order, whose lines have other ids', () => {
    fc.assert(
      fc.property(anyPricing, (pricing) => {
        const lines = pricing.lines.map((line, index) => ({ ...line, id: `order_line_${9 - index}` }))
        // Lines that differ in nothing but their taxes may change places.
        const contents = new Set(lines.map((line) => `${line.variantId} ${line.unitPrice} ${line.quantity}`))
        fc.pre(contents.size === lines.length)
        const [cart, order] = [priceCart(pricing), priceCart({ ...pricing, lines })]
        expect(order).toEqual({ ...cart, lines: cart.lines.map((line, index) => ({ ...line, id: lines[index]?.id })) })
      }),
    )
  })

  it('keeps no discount of a line that is removed', () => {
    const removal = anyPricing.chain((pricing) => fc.tuple(fc.constant(pricing), fc.subarray([...pricing.lines])))
    fc.assert(
      fc.property(removal, ([pricing, kept]) => {
        const cart = priceCart({ ...pricing, lines: kept })
        expect(cart.lines.map(({ id }) => id)).toEqual(kept.map(({ id }) => id))
        expect(totalOf(partsOf(cart).flatMap((part) => part.adjustments))).toBe(cart.discountTotal)
        expect(cart.discountTotal).toBeLessThanOrEqual(cart.subtotal + cart.shippingTotal)
      }),
    )
  })

  it('has no discount by a promotion once all lines are removed that it applies to', () => {
    fc.assert(
      fc.property(anyPricing, (pricing) => {
        for (const { id, appliesTo } of pricing.promotions) {
          const { productIds, categoryIds, collectionIds } = appliesTo
          const isSelective = productIds.length + categoryIds.length + collectionIds.length > 0
          const kept = pricing.lines.filter(
            (line) =>
              isSelective &&
              !productIds.includes(line.productId) &&
              !line.categoryIds.some((category) => categoryIds.includes(category)) &&
              !line.collectionIds.some((collection) => collectionIds.includes(collection)),
          )
          const { adjustments } = priceCart({ ...pricing, lines: kept })
          expect(adjustments.some(({ promotionId }) => promotionId === id)).toBe(false)
        }
      }),
    )
  })

  it('has the larger discount: of all promotions that stack, or of one that does not', () => {
    fc.assert(
      fc.property(anyPricing, (pricing) => {
        const { promotions } = pricing
        const discountOf = (some: Pricing['promotions']) => priceCart({ ...pricing, promotions: some }).discountTotal
        const together = discountOf(promotions.filter(({ stackable }) => stackable))
        const alone = promotions.filter(({ stackable }) => !stackable).map((promotion) => discountOf([promotion]))
        const cart = priceCart(pricing)
        expect(cart.discountTotal).toBe(Math.max(together, ...alone))
        const given = promotions.filter(({ id }) => cart.adjustments.some(({ promotionId }) => promotionId === id))
        if (cart.discountTotal === together) expect(given.every(({ stackable }) => stackable)).toBe(true)
        else expect(cart.adjustments).toHaveLength(1)
      }),
    )
  })

  it('names every code that was entered, as applied or as refused', () => {
    fc.assert(
      fc.property(anyPricing, (pricing) => {
        const cart = priceCart(pricing)
        const named = [...cart.adjustments, ...cart.refused].filter(({ code }) => code !== null)
        const entered = pricing.promotions.filter(({ code }) => code !== null)
        const distinct = (codes: { id: string; code: string | null }[]) =>
          [...new Set(codes.map(({ id, code }) => `${id} ${code}`))].sort()
        const namedCodes = named.map(({ promotionId, code }) => ({ id: promotionId, code }))
        expect(distinct(namedCodes)).toEqual(distinct(entered))
        expect(named).toHaveLength(distinct(entered).length)
      }),
    )
  })

  it('has a total that can be charged, if its prices can', () => {
    fc.assert(
      fc.property(anyPricing, (pricing) => {
        const step = chargeRule(pricing.currency)?.step ?? 1
        fc.pre(
          [...pricing.lines.map(({ unitPrice }) => unitPrice), pricing.shipping?.price ?? 0].every(
            (price) => price % step === 0,
          ),
        )
        expect(priceCart(pricing).total % step).toBe(0)
      }),
    )
  })
})
