import type { EventSource } from '../events/delivery.ts'

/** The methods that the notifications worker may call. */
export interface PaymentsRpc extends EventSource {}
