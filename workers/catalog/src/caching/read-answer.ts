import { type Caller, isStaff } from '@shop/kernel/caller'
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
}

/** `ageMs` is the age of the answer when the request began; undefined when it must not be kept by others. */
export type Reading<T> = { answer: T; ageMs: number | undefined; from: 'redis' | 'postgres' | 'settings' | 'bypass' }

/**
 * Answers from Redis or from the database. Staff always get the latter, so that they read their own writes.
 *
 * A cache that fails, is slow or returns nonsense is ignored, and a kept answer counts only when the version of the
 * catalogue could be read with it. The answer takes longer then, and is right.
 */
export async function readAnswer<T>(deps: ReadDeps, caller: Caller, question: Question<T>): Promise<Reading<T>> {
  if (isStaff(caller)) return { answer: await question.load(), ageMs: undefined, from: 'bypass' }
  const at = deps.now().getTime()
  const found = await lookUp(deps, question, at)
  if (found?.kept !== undefined) return { ...found.kept, from: 'redis' }
  const readAt = deps.now().getTime()
  const answer = await question.load()
  if (!question.keeps(answer)) return { answer, ageMs: undefined, from: 'postgres' }
  if (found) deps.later(keep(deps, { key: question.key, version: found.version, readAt, answer }))
  return { answer, ageMs: 0, from: 'postgres' }
}

type Found<T> = { version: number | undefined; kept: { answer: T; ageMs: number } | undefined }

/** @returns undefined when there is no cache or it did not answer */
async function lookUp<T>(
  { answers, warn }: ReadDeps,
  { key, parse }: Question<T>,
  at: number,
): Promise<Found<T> | undefined> {
  try {
    const found = await answers?.read(key)
    if (found === undefined) return undefined
    const version = versionOf(found.version)
    if (version === undefined) return { version, kept: undefined }
    const usable = usableAnswer(found.kept, { key, version, at })
    const answer = usable && parse(usable.answer)
    return { version, kept: answer === undefined || !usable ? undefined : { answer, ageMs: usable.ageMs } }
  } catch (error) {
    warn('answer_cache_unread', { error })
    return undefined
  }
}

/** Keeps an answer, or sets the first version of a catalogue that has none to check the answer against. */
async function keep<T>(
  { answers, warn }: ReadDeps,
  { key, version, readAt, answer }: { key: string; version: number | undefined; readAt: number; answer: T },
): Promise<void> {
  try {
    // A first version taken from the clock is above any version that was lost.
    if (version === undefined) await answers?.setFirstVersion(readAt)
    else await answers?.keep(key, { key, version, readAt, answer }, KEEP_MS)
  } catch (error) {
    warn('answer_not_kept', { error })
  }
}
