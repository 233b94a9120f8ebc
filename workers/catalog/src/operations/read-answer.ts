import { type Caller, isStaff } from '@shop/kernel'
import { KEEP_MS, usableAnswer, versionOf } from '../domain/kept-answer.ts'
import type { AnswerCache, CatalogDeps } from '../ports.ts'

type ReadDeps = Pick<CatalogDeps, 'answers' | 'later' | 'now' | 'warn'>

export type Question<T> = {
  /** Names what is asked among all questions. */
  key: string
  /** What was kept, if it is an answer to such a question; undefined for anything else. */
  parse: (kept: unknown) => T | undefined
  /** Whether an answer may be given again. */
  keeps: (answer: T) => boolean
  load: () => Promise<T>
}

/** `ageMs` is how old the answer was when the question came; undefined when it must not be given to others. */
export type Reading<T> = { answer: T; ageMs: number | undefined; from: 'redis' | 'postgres' | 'bypass' }

/**
 * Answers from what was answered before, or from the database. Whoever may change products always gets the latter.
 *
 * A cache that is away, slow or wrong is passed over, and what is kept counts only with a version that can be read: the
 * answer takes longer then, and is right.
 */
export async function readAnswer<T>(deps: ReadDeps, caller: Caller, question: Question<T>): Promise<Reading<T>> {
  if (isStaff(caller)) return { answer: await question.load(), ageMs: undefined, from: 'bypass' }
  const at = deps.now().getTime()
  const found = deps.answers && (await lookUp(deps, deps.answers, question, at))
  if (found?.kept !== undefined) return { ...found.kept, from: 'redis' }
  const readAt = deps.now().getTime()
  const answer = await question.load()
  if (!question.keeps(answer)) return { answer, ageMs: undefined, from: 'postgres' }
  if (deps.answers && found) deps.later(keep(deps, deps.answers, { key: question.key, readAt, answer, ...found }))
  return { answer, ageMs: 0, from: 'postgres' }
}

type Found<T> = { version: number | undefined; kept: { answer: T; ageMs: number } | undefined }

async function lookUp<T>(
  { warn }: ReadDeps,
  answers: AnswerCache,
  { key, parse }: Question<T>,
  at: number,
): Promise<Found<T> | undefined> {
  try {
    const { version: given, kept } = await answers.read(key)
    const version = versionOf(given)
    if (version === undefined) return { version, kept: undefined }
    const usable = usableAnswer(kept, { key, version, at })
    const answer = usable && parse(usable.answer)
    return { version, kept: answer === undefined || !usable ? undefined : { answer, ageMs: usable.ageMs } }
  } catch (error) {
    warn('answer_cache_unread', { error })
    return undefined
  }
}

/** Without a version there is nothing to hold an answer to: then the catalogue is given its first. */
async function keep<T>(
  { warn }: ReadDeps,
  answers: AnswerCache,
  { key, version, readAt, answer }: { key: string; version: number | undefined; readAt: number; answer: T },
): Promise<void> {
  try {
    // A count from the time of the clock is above any that was lost.
    if (version === undefined) await answers.begin(readAt)
    else await answers.keep(key, { key, version, readAt, answer }, KEEP_MS)
  } catch (error) {
    warn('answer_not_kept', { error })
  }
}
