import { expect, it } from 'vitest'
import { client, REAL_REDIS, RUN } from './support.ts'

it.skipIf(!REAL_REDIS.available)('a real Redis lists keys of every type for a status page', async () => {
  const { server, close } = await REAL_REDIS.open()
  const redis = client(server)
  const key = (name: string) => `${RUN}:${name}`
  const [hash, list, set, sorted] = [key('hash'), key('list'), key('set'), key('sorted')]
  await redis.hset(hash, { field: 'value' })
  await redis.rpush(list, 'a', 'b')
  await redis.sadd(set, 'member')
  await redis.zadd(sorted, { score: 2, member: 'two' }, { score: 1, member: 'one' })
  const listed = (await server.keys()).filter((info) => [hash, list, set, sorted].includes(info.key))
  await close()
  expect(Object.fromEntries(listed.map(({ type, value }) => [type, value]))).toEqual({
    hash: 'field value',
    list: 'a b',
    set: 'member',
    zset: 'one 1 two 2',
  })
})
