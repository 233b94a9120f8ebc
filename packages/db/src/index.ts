export { connect, type DatabaseOptions, type Db } from './client.ts'
export { isUniqueViolation, sqlState } from './errors.ts'
export { pingDatabase } from './ready.ts'
