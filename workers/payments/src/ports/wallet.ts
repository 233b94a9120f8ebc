import type { SavedMethod } from '@shop/contracts'
import type { UserId } from '@shop/kernel'

/** Saved cards, which are Stripe's to keep. Undefined when Stripe does not answer. */
export type Wallet = {
  /** Makes a customer of Stripe's for the user; with the key, once. */
  createCustomer(request: { userId: UserId; key: string }): Promise<string | undefined>
  /** Newest first. */
  list(customerId: string): Promise<SavedMethod[] | undefined>
  /** With whom the method is saved; null with nobody, or if there is no such method. */
  ownerOf(methodId: string): Promise<string | null | undefined>
  /** False when it is no longer saved. */
  remove(methodId: string): Promise<boolean | undefined>
}
