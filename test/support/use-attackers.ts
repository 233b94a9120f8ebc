import type { Account } from '@shop/testing/shop'
import { beforeAll } from 'vitest'
import type { Stage } from './use-platform.ts'

const ATTACKERS = 6

/** Attackers are customers with an account. Several take turns, since the limit per user counts their requests. */
export function useAttackers(stage: Stage): () => Account {
  const attackers: Account[] = []
  let turn = 0
  beforeAll(async () => {
    for (let n = 0; n < ATTACKERS; n += 1) attackers.push(await stage.shop.signUp())
  })
  return () => {
    turn += 1
    const attacker = attackers[turn % attackers.length]
    if (attacker === undefined) throw new Error('No attackers')
    return attacker
  }
}
