import { spentChallenges } from '@shop/db/schema/users-factors'
import { type SQL, sql } from 'drizzle-orm'
import type { AnsweredChallenge } from '../domain/challenge.ts'
import { toInstant } from './rows.ts'

/** Statement part: the CTE `spent`, which has a row only for the first answer to a challenge. */
export const spentCte = ({ hash, expiresAt }: AnsweredChallenge): SQL => sql`
  spent as (
    insert into ${spentChallenges} (challenge_hash, expires_at) values (${hash}, ${toInstant(expiresAt)})
    on conflict (challenge_hash) do nothing
    returning challenge_hash)`
