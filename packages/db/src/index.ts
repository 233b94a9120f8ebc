export { ask, askAll, connect, type Db } from './client.ts'
export { isUniqueViolation, sqlState } from './errors.ts'
export { eventLog } from './events/log.ts'
export { eventCtes } from './events/write.ts'
export {
  answerKey,
  attachSubject,
  type ClaimedKey,
  dropClaim,
  type IdempotencyKeysTable,
  type KeyClaim,
  keyClaimStatements,
  keyClaims,
  pruneKeys,
} from './idempotency-keys.ts'
export { rowFromJson } from './json-row.ts'
export { statement } from './statement.ts'
