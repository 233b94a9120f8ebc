import { STORED_SERVICES } from '@shop/services'
import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/schema/*.ts',
  out: './migrations',
  schemaFilter: STORED_SERVICES.map(({ database }) => database.schema),
})
