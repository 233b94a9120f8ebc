import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { BUILD } from '@shop/local-environment/bundles'
import { configOf, WORKERS } from '@shop/services'
import { writeSlimStripe } from './slim-stripe.ts'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Bundles every worker as a deployment would, into `.local/build/<worker>`. */
export async function buildWorkers(): Promise<void> {
  await writeSlimStripe()
  await Promise.all(
    WORKERS.map((worker) =>
      run('wrangler', ['deploy', '--dry-run', '-c', configOf(worker), '--outdir', join(BUILD, worker)], {
        cwd: ROOT,
        env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
      }),
    ),
  )
}

if (import.meta.main) await buildWorkers()
