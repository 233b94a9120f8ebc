import type { AppEnv } from '@shop/http/app'
import { problem } from '@shop/http/problem'
import type { Forbidden } from '@shop/kernel/caller'
import type { InvalidCursor } from '@shop/kernel/pagination'
import type { Result } from '@shop/kernel/result'
import type { Context } from 'hono'
import type { CatalogDeps } from '../../deps.ts'
import { type Question, readAnswer } from '../read-answer.ts'
import { sharedAnswer } from './shared-answer.ts'

type PageFailure = InvalidCursor | Forbidden
type PageAnswer<Body, F extends PageFailure> = Result<Body, F>

/**
 * Answers a page of a list from a cache or from the database. A refusal is not kept.
 *
 * @param page.key unique among all questions, so it names the list and has every parameter of the request
 */
export async function answerPage<Body extends object, F extends PageFailure>(
  c: Context<AppEnv<CatalogEnv, CatalogDeps>>,
  page: Omit<Question<PageAnswer<Body, F>>, 'keeps'>,
) {
  const question = { ...page, keeps: (answer: PageAnswer<Body, F>) => answer.ok }
  const reading = await readAnswer(c.get('deps'), c.get('caller'), question)
  const { answer } = reading
  return sharedAnswer(reading, answer.ok ? c.json(answer.value, 200) : problem(c, answer.failure))
}
