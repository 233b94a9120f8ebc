// What the workers' bundles take for `zod` ([alias] in their wrangler.toml): zod without its 50 translations of error
// messages and without JSON Schema, which together are a quarter of a bundle. @hono/zod-openapi keeps the whole `z`
// namespace alive, so what is not used must not be in it.
import * as z from './zod-external.js'

export * from './zod-external.js'
export { z, z as default }
