import type { Caller } from '@shop/kernel/caller'

/** A request about one cart: which one, and by what right. */
export type CartRequest = {
  /** As it was sent. */
  cartId: string
  caller: Caller
  cartToken: string | null
}
