import { PortTaken } from '@shop/emulator-kit/loopback'
import { LOCAL_STRIPE } from '@shop/local-environment/environment'
import type { UpstashEmulator } from '@shop/upstash-emulator'
import type { DevOptions } from './options.ts'
import type { Parts } from './parts.ts'
import type { RealParts } from './real-parts.ts'
import { type StatusSources, startStatusServer } from './status/server.ts'

const USUAL_PORT = 8081

type LocalParts = { real: RealParts; redis: UpstashEmulator | undefined; stripe: { url: string } | undefined }

/** Starts the status page of the emulators. @returns its address */
export async function showStatus(parts: Parts, { ports }: DevOptions, { real, redis, stripe }: LocalParts) {
  const sources: StatusSources = {
    shopUrl: `http://localhost:${ports.gateway}`,
    ...(real.database ? {} : { neonUrl: `http://127.0.0.1:${ports.neon}/sql` }),
    ...(stripe === undefined ? {} : { stripe: { url: stripe.url, secretKey: LOCAL_STRIPE.secretKey } }),
    ...(redis === undefined ? {} : { redis }),
  }
  const start = (port: number) => startStatusServer({ sources, port })
  const server = await start(ports.status ?? USUAL_PORT).catch((error: unknown) => {
    // The port is only a default, so another one will do.
    if (ports.status === undefined && error instanceof PortTaken) return start(0)
    throw error
  })
  parts.keep('emulators', 'The status page', { exited: new Promise(() => {}), stop: () => server.close() })
  return server.url
}
