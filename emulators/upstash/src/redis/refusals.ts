import { type Command, RedisError } from './reply.ts'

/** Redis's message: the name, then at most 128 bytes of the arguments. */
export function unknownCommand([name, ...args]: Command): RedisError {
  let shown = ''
  for (const arg of args) {
    if (shown.length >= 128) break
    shown += `'${arg.slice(0, 128 - shown.length)}' `
  }
  return new RedisError(`ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${shown}`)
}

/** For a transaction in which Redis refuses a command before it runs any. */
export function aborted(): RedisError {
  return new RedisError('EXECABORT Transaction discarded because of previous errors.')
}
