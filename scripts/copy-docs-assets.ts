import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { putFile } from './put-file.ts'

const require = createRequire(import.meta.url)
const SOURCE = fileURLToPath(new URL('../workers/gateway/assets-src', import.meta.url))
const ASSETS = fileURLToPath(new URL('../workers/gateway/assets', import.meta.url))

const REDOC = 'redoc.standalone.js'

const COPIED = {
  'swagger-ui-dist': {
    'swagger-ui-bundle.js': 'swagger-ui-bundle.js',
    'swagger-ui.css': 'swagger-ui.css',
    'favicon-32x32.png': 'favicon-32x32.png',
    LICENSE: 'licenses/swagger-ui.txt',
    NOTICE: 'licenses/swagger-ui-notice.txt',
    'swagger-ui-bundle.js.LICENSE.txt': 'licenses/swagger-ui-bundled.txt',
  },
  redoc: {
    'bundles/redoc.standalone.js': REDOC,
    LICENSE: 'licenses/redoc.txt',
    'bundles/redoc.standalone.js.LICENSE.txt': 'licenses/redoc-bundled.txt',
  },
} as const

/** Redoc loads its logo from this host and has no option to leave it out. */
const REDOC_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg'
const EMPTY_IMAGE = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACADs='

/**
 * Copies what `/docs` and `/redoc` load into the gateway's assets: our pages and scripts, and the two programs with their
 * licences. Unchanged files are not written again, so a server that reads the assets meanwhile sees no partial file.
 *
 * @throws Error when a new version of redoc or swagger-ui would make a browser contact another host
 */
export async function copyDocsAssets(): Promise<void> {
  for (const entry of await readdir(SOURCE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    await putFile(join(ASSETS, relative(SOURCE, path)), await readFile(path))
  }
  for (const [name, files] of Object.entries(COPIED)) {
    const folder = dirname(require.resolve(`${name}/package.json`))
    for (const [from, to] of Object.entries(files)) {
      const content = await readFile(join(folder, from))
      await putFile(join(ASSETS, 'docs-assets', to), to === REDOC ? keptLocal(content.toString()) : content)
    }
  }
}

function keptLocal(script: string): Buffer {
  if (script.split(REDOC_LOGO).length !== 2) throw new Error(`${REDOC}: expected one mention of ${REDOC_LOGO}`)
  const local = script.replace(REDOC_LOGO, EMPTY_IMAGE)
  if (/cdn\.redoc|fonts\.googleapis/.test(local)) throw new Error(`${REDOC} would contact another host`)
  return Buffer.from(local)
}

if (import.meta.main) await copyDocsAssets()
