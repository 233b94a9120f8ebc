import { addSeconds } from '@shop/kernel/time'
import pMap from 'p-map'
import type { NotificationsDeps } from '../../deps.ts'
import type { LiveMessage } from '../domain/message.ts'

export type TellLiveDeps = Pick<NotificationsDeps, 'live' | 'liveTopics' | 'now' | 'warn'>

const CONCURRENCY = 10
/** Longer than a ticket is valid: its connection may be about to open. */
const ASKED_SECONDS = 600

/**
 * Tells messages of different topics to those who listen. Topics that nobody has asked for cost nothing beyond one query for all
 * of them.
 *
 * @returns the topics that could not be told
 */
export async function tellMessages(deps: TellLiveDeps, messages: readonly LiveMessage[]): Promise<Set<string>> {
  const listened = await deps.live.listened(messages.map(({ topic }) => topic))
  const wanted = messages.filter(({ topic }) => listened.has(topic))
  const told = await pMap(wanted, (message) => tell(deps, message), { concurrency: CONCURRENCY })
  const topicsOf = (outcome: Outcome) => told.flatMap((one) => (one.outcome === outcome ? [one.topic] : []))
  await deps.live.forget(topicsOf('left'), addSeconds(deps.now(), -ASKED_SECONDS))
  return new Set(topicsOf('failed'))
}

/** `left`: nobody has listened for an hour. */
type Outcome = 'told' | 'left' | 'failed'

async function tell(
  { liveTopics, warn }: TellLiveDeps,
  message: LiveMessage,
): Promise<{ topic: string; outcome: Outcome }> {
  const { topic } = message
  try {
    return { topic, outcome: (await liveTopics.tell(message)) ? 'told' : 'left' }
  } catch (error) {
    warn('live_topic_unavailable', { topic, error })
    return { topic, outcome: 'failed' }
  }
}
