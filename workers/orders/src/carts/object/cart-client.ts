import type { DurableObject } from 'cloudflare:workers'
import { callObject } from '@shop/http/call-object'
import type { Objects } from '@shop/http/objects'
import type { CartId } from '@shop/kernel/ids'
import type { CartObject } from '../cart-object.ts'

/** Longer than a call waits in an object for another one that completes the cart. */
const CART_TIMEOUT_MS = 5_000

type CartMethod = Exclude<keyof CartObject, keyof DurableObject>

/** The methods of a cart's object, by the cart. Every call may be repeated with the same key or claim. */
export type CartClient = {
  [M in CartMethod]: (
    cartId: CartId,
    ...request: Parameters<CartObject[M]>
  ) => Promise<Awaited<ReturnType<CartObject[M]>>>
}

/**
 * Calls the objects of carts through their binding.
 *
 * @throws Unavailable, from every method, when the object does not answer
 */
export function cartClient(objects: Objects<CartObject>): CartClient {
  const call = <T>(cartId: CartId, method: (stub: DurableObjectStub<CartObject>) => Promise<T>): Promise<T> =>
    callObject(() => method(objects(cartId)), { dependency: 'cart', timeoutMs: CART_TIMEOUT_MS })
  // `async`, because a stub returns a promise of each member of the union and not of the union.
  return {
    read: (cartId, request) => call(cartId, async (stub) => stub.read(request)),
    create: (cartId, request) => call(cartId, async (stub) => stub.create(request)),
    write: (cartId, request) => call(cartId, async (stub) => stub.write(request)),
    saveAnswer: (cartId, request) => call(cartId, async (stub) => stub.saveAnswer(request)),
    markMerged: (cartId, request) => call(cartId, async (stub) => stub.markMerged(request)),
    claim: (cartId, request) => call(cartId, async (stub) => stub.claim(request)),
    cancelMerge: (cartId, request) => call(cartId, async (stub) => stub.cancelMerge(request)),
    beginCompletion: (cartId, request) => call(cartId, async (stub) => stub.beginCompletion(request)),
    endCompletion: (cartId, request) => call(cartId, async (stub) => stub.endCompletion(request)),
    reopen: (cartId, request) => call(cartId, async (stub) => stub.reopen(request)),
    remove: (cartId, request) => call(cartId, async (stub) => stub.remove(request)),
    erase: (cartId) => call(cartId, async (stub) => stub.erase()),
  }
}
