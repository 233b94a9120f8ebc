import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { configOf, type Worker } from './build-workers.ts'
import { copyDocsAssets } from './copy-docs-assets.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Each worker after those it calls, so that a binding never leads nowhere and old callers meet new callees, not the reverse. */
const IN_ORDER: Worker[] = ['catalog', 'orders', 'payments', 'users', 'gateway']

/** @throws Error at the first worker that could not be deployed; those before it are live already */
export async function deploy(options: { dryRun: boolean }): Promise<void> {
  await copyDocsAssets()
  for (const worker of IN_ORDER) {
    console.log(`\n── ${worker}`)
    const args = ['deploy', '-c', configOf(worker), ...(options.dryRun ? ['--dry-run'] : [])]
    const { status } = spawnSync('wrangler', args, { cwd: ROOT, stdio: 'inherit' })
    if (status !== 0) throw new Error(`${worker} was not deployed; see above`)
  }
}

if (import.meta.main) await deploy({ dryRun: process.argv.includes('--dry-run') })
