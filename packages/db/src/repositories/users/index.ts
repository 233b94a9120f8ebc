export { findUser, findUserByEmail, insertUserIfAbsent, saveNewUser } from './accounts.ts'
export {
  endSession,
  endSessionOfToken,
  findSpentRefreshToken,
  pruneRefreshTokens,
  rotateRefreshToken,
  type SpentRefreshToken,
  saveRefreshToken,
} from './sessions.ts'
