import type { Limit } from '@shop/contracts/limits'
import type { Role } from '@shop/kernel'
import type { EdgeCache } from './edge/edge-cache.ts'
import type { GatewayBindings } from './env.ts'
import type { KeyStore } from './key-store.ts'

/** Who asked, as far as the log may know. */
export type CallerKind = 'anonymous' | Role

export type GatewayContext = {
  Bindings: GatewayBindings
  Variables: { requestId: string; callerKind?: CallerKind; limits?: Limit[] }
}

/** What the gateway keeps in the isolate, and its clock. */
export type GatewayDeps = { keys: (env: GatewayBindings) => KeyStore; edge: EdgeCache; now: () => Date }
