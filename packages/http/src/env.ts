import { Unavailable } from '@shop/kernel/unavailable'
import type { z } from 'zod'
import { log } from './log.ts'

/**
 * Reads a worker's bindings. A bad environment is an outage: the log names the fields, the client gets a plain 503.
 *
 * @throws Unavailable naming no value, since those may be secrets
 */
export function parseEnv<T>(schema: z.ZodType<T>, env: unknown): T {
  const parsed = schema.safeParse(env)
  if (parsed.success) return parsed.data
  log('error', 'bad_environment', { fields: parsed.error.issues.map((issue) => issue.path.join('.')) })
  throw new Unavailable('environment')
}

/** Computes a value once per environment object, that is once per isolate. */
export function oncePerEnv<E extends object, T>(make: (env: E) => T): (env: E) => T {
  const made = new WeakMap<E, T>()
  return (env) => {
    const known = made.get(env)
    if (known !== undefined) return known
    const value = make(env)
    made.set(env, value)
    return value
  }
}
