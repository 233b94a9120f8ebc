import { hasScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import type { CatalogDeps } from '../deps.ts'
import { KEEP_MS, usableAnswer, versionOf } from './domain/kept-answer.ts'

type ReadDeps = Pick<CatalogDeps, 'answers' | 'later' | 'now' | 'warn'>

export type Question<T> = {
  /** Unique among all questions. */
  key: string
  /** The kept answer, if it has the right shape; undefined for anything else. */
  parse: (kept: unknown) => T | undefined
  /** Whether an answer may be kept. */
  keeps: (answer: T) => boolean
  load: () => Promise<T>
  /** When an answer changes by itself, in milliseconds since the epoch: it is not used from then on. Default: never. */
  changesAt?: ((answer: T) => number | undefined) | undefined
}

/**
 * `ageMs` is the age of the answer when the request began; undefined when it must not be kept by others. `validMs` is how
 * long it was to be true then; undefined when nothing changes by itself.
 */
export type Reading<T> = {
  answer: T
  ageMs: number | undefined
  validMs?: number | undefined
  from: 'redis' | 'postgres' | 'settings' | 'bypass'
}

/**
 * Answers from Redis or from the database. Staff always get the latter, so that they read their own writes.
 *
 * A cache that fails, is slow or returns nonsense is ignored, and a kept answer counts only when the version of the
 * catalogue could be read with it. The answer takes longer then, and is right.
 */
export async function readAnswer<T>(deps: ReadDeps, caller: Caller, question: Question<T>): Promise<Reading<T>> {
  if (hasScope(caller, 'products:read')) return { answer: await question.load(), ageMs: undefined, from: 'bypass' }
  const at = deps.now().getTime()
  const found = await lookUp(deps, question, at)
  if (found?.kept !== undefined) return { ...found.kept, ...validityOf(question, found.kept.answer, at), from: 'redis' }
  const readAt = deps.now().getTime()
  const answer = await question.load()
  if (!question.keeps(answer)) return { answer, ageMs: undefined, from: 'postgres' }
  if (found) deps.later(keep(deps, question, { version: found.version, readAt, answer }))
  return { answer, ageMs: 0, ...validityOf(question, answer, at), from: 'postgres' }
}

function validityOf<T>({ changesAt }: Question<T>, answer: T, at: number): { validMs?: number } {
  const until = changesAt?.(answer)
  return until === undefined ? {} : { validMs: until - at }
}

type Found<T> = { version: number | undefined; kept: { answer: T; ageMs: number } | undefined }

/** @returns undefined when there is no cache or it did not answer */
async function lookUp<T>(
  { answers, warn }: ReadDeps,
  { key, parse, changesAt }: Question<T>,
  at: number,
): Promise<Found<T> | undefined> {
  try {
    const found = await answers?.read(key)
    if (found === undefined) return undefined
    const version = versionOf(found.version)
    if (version === undefined) return { version, kept: undefined }
    const usable = usableAnswer(found.kept, { key, version, at })
    const answer = usable && parse(usable.answer)
    if (answer === undefined || !usable) return { version, kept: undefined }
    const isOver = (changesAt?.(answer) ?? Number.POSITIVE_INFINITY) <= at
    return { version, kept: isOver ? undefined : { answer, ageMs: usable.ageMs } }
  } catch (error) {
    warn('answer_cache_unread', { error })
    return undefined
  }
}

/** Keeps an answer, or sets the first version of a catalogue that has none to check the answer against. */
async function keep<T>(
  { answers, warn }: ReadDeps,
  { key, changesAt }: Question<T>,
  { version, readAt, answer }: { version: number | undefined; readAt: number; answer: T },
): Promise<void> {
  try {
    // A first version taken from the clock is above any version that was lost.
    if (version === undefined) return await answers?.setFirstVersion(readAt)
    const keepMs = Math.min(KEEP_MS, (changesAt?.(answer) ?? Number.POSITIVE_INFINITY) - readAt)
    if (keepMs > 0) await answers?.keep(key, { key, version, readAt, answer }, keepMs)
  } catch (error) {
    warn('answer_not_kept', { error })
  }
}
