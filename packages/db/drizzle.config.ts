import { defineConfig } from 'drizzle-kit'

/** `npm run db:baseline` names the schema files that one step of it may see; everything else sees all. */
const only = process.env.BASELINE_SCHEMAS

export default defineConfig({
  dialect: 'postgresql',
  schema: only ? only.split(',') : './src/schema/*.ts',
  out: './migrations',
})
