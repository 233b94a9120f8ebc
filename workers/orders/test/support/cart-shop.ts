import { fail, ok } from '@shop/kernel/result'
import type { CatalogClient } from '../../src/stock/catalog-client.ts'
import { OWNER, type shopWith } from './shop-with.ts'
import { quoteOf } from './test-deps.ts'

export const item = { variant_id: 11, quantity: 2 }
export const key = () => ({ 'idempotency-key': crypto.randomUUID() })

export type Shop = ReturnType<typeof shopWith>
// The answers are checked field by field.
export type Body = { cart: Record<string, unknown> & { id: string; items: { id: string }[] }; cart_token?: string }

export async function guestCart(shop: Shop, body: unknown = { items: [item] }) {
  const created = await shop.send('POST', '/api/carts', { body })
  const { cart, cart_token: token } = created.body as Body
  return { cart, path: `/api/carts/${cart.id}`, as: { headers: { 'x-cart-token': token ?? '' } } }
}

export async function ownCart(shop: Shop, body: unknown = { items: [item] }) {
  const { cart } = (await shop.send('POST', '/api/carts', { caller: OWNER, body })).body as Body
  return { cart, path: `/api/carts/${cart.id}`, as: { caller: OWNER } }
}

/** Quotes as given, by the variant. */
export const quoting = (
  of: (variantId: number) => Parameters<typeof quoteOf>[1] | undefined,
): Partial<CatalogClient> => ({
  quoteEach: async ({ refs }) =>
    ok(
      refs.map((ref) => {
        const variantId = 'variantId' in ref ? ref.variantId : 11
        const over = of(variantId)
        return over === undefined
          ? fail({ code: 'variant_not_found', variantId })
          : ok(quoteOf(1, { variantId, ...over }))
      }),
    ),
})
