import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const SOURCE = fileURLToPath(new URL('../workers/gateway/assets-src', import.meta.url))
const ASSETS = fileURLToPath(new URL('../workers/gateway/assets', import.meta.url))

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
    'bundles/redoc.standalone.js': 'redoc.standalone.js',
    LICENSE: 'licenses/redoc.txt',
    'bundles/redoc.standalone.js.LICENSE.txt': 'licenses/redoc-bundled.txt',
  },
} as const

/** Redoc shows its maker's logo from this host, and has no option that would leave it out. */
const REDOC_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg'
const EMPTY_IMAGE = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACADs='

/**
 * Puts what `/docs` and `/redoc` load into the gateway's assets: our pages and scripts, and the two programs with their
 * licences. Doing it again writes the same.
 *
 * @throws Error when a new version of redoc or swagger-ui would make a browser ask another host
 */
export async function copyDocsAssets(): Promise<void> {
  await cp(SOURCE, ASSETS, { recursive: true })
  for (const [name, files] of Object.entries(COPIED)) {
    const folder = dirname(require.resolve(`${name}/package.json`))
    for (const [from, to] of Object.entries(files)) {
      const target = join(ASSETS, 'docs-assets', to)
      await mkdir(dirname(target), { recursive: true })
      await cp(join(folder, from), target)
    }
  }
  await keepLocal(join(ASSETS, 'docs-assets', 'redoc.standalone.js'))
}

async function keepLocal(path: string): Promise<void> {
  const script = await readFile(path, 'utf8')
  if (script.split(REDOC_LOGO).length !== 2) throw new Error(`${path}: expected one mention of ${REDOC_LOGO}`)
  const local = script.replace(REDOC_LOGO, EMPTY_IMAGE)
  if (/cdn\.redoc|fonts\.googleapis/.test(local)) throw new Error(`${path} asks another host`)
  await writeFile(path, local)
}

if (import.meta.main) await copyDocsAssets()
