import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BUILD } from '@shop/local-environment/bundles'
import { localEnvironment } from '@shop/local-environment/environment'
import { newSigningKeys } from '@shop/local-environment/signing-keys'
import { configOf, WORKERS } from '@shop/services'
import { createTestHarness } from 'wrangler'
import { buildWorkers } from './build-workers.ts'
import { writeWebhookEvents } from './write-webhook-events.ts'
import { writeWrites } from './write-writes.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Writes what the gateway serves at /openapi.json to the repository; a test compares the two. */
export async function writeOpenApi(): Promise<void> {
  await buildWorkers()
  // The description needs no database and no Stripe, but the workers check that both are configured.
  const nowhere = { neonUrl: 'http://127.0.0.1:9/sql', stripeUrl: 'http://127.0.0.1:9' }
  const vars = localEnvironment({ ...nowhere, signingKeys: await newSigningKeys() })
  const harness = createTestHarness({
    root: ROOT,
    workers: WORKERS.map((worker) => ({
      configPath: configOf(worker),
      prebuiltWorkerDir: join(BUILD, worker),
      vars,
    })),
  })
  try {
    await harness.listen()
    const response = await harness.fetch('/openapi.json')
    if (!response.ok) throw new Error(`/openapi.json answered ${response.status}: ${await response.text()}`)
    const document = await response.json()
    await writeFile(join(ROOT, 'openapi.json'), `${JSON.stringify(document, null, 2)}\n`)
    await writeWrites(document as Parameters<typeof writeWrites>[0])
    writeWebhookEvents()
  } finally {
    await harness.close()
  }
}

if (import.meta.main) await writeOpenApi()
