import type { OrderCredentials } from '@shop/contracts/orders/access'

/** Who asks for a return: the caller, or the holder of the token of a guest's order. */
export type ReturnAccess = OrderCredentials & { returnId: string }
