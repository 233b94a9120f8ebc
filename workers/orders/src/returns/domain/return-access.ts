import type { OrderCredentials } from '@shop/contracts/orders/access'

/** A request for one return, with the caller's credentials: those of an account, or the token of a guest's order. */
export type ReturnAccess = OrderCredentials & { returnId: string }
