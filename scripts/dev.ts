import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CACHE = fileURLToPath(new URL('../node_modules/.cache/shop', import.meta.url))

// Before anything else is loaded, and for child processes: without it, half of a warm start is compiling.
process.env.NODE_COMPILE_CACHE ??= join(CACHE, 'compiled')
enableCompileCache(process.env.NODE_COMPILE_CACHE)

const { dev } = await import('./dev/main.ts')
await dev({ cacheDir: CACHE })
