import { z } from 'zod'

export const CART_ID_EXAMPLE = 'cart_01jd4k2v9rf0fv8z3x1m5q7w2e'
export const CART_TOKEN_EXAMPLE = 'v1.q83vEjRWeJC8_kQ0'

/** The header in which a guest sends the token of their cart. */
export const CART_TOKEN_HEADER = 'x-cart-token'

/** Accepts any text: a wrong token answers 404, as a cart that does not exist does. */
export const CartTokenHeader = {
  [CART_TOKEN_HEADER]: z
    .string()
    .optional()
    .meta({ description: "`cart_token` from the answer to a guest's new cart", example: CART_TOKEN_EXAMPLE }),
} as const
