export { ask, askAll, connect, type DatabaseOptions, type Db, type Statement } from './client.ts'
export { isUniqueViolation, sqlState } from './errors.ts'
export { eventLog } from './events/log.ts'
export { type EventTables, eventTables } from './events/tables.ts'
export { eventCtes, type NewEvents } from './events/write.ts'
export {
  answerKey,
  attachSubject,
  type ClaimedKey,
  type ClaimTimes,
  dropClaim,
  type IdempotencyKeysTable,
  idempotencyKeysTable,
  type KeyClaim,
  keyClaimStatements,
  keyClaims,
  pruneKeys,
} from './idempotency-keys.ts'
export { rowFromJson } from './json-row.ts'
export { pingDatabase } from './ready.ts'
export { statement } from './statement.ts'
