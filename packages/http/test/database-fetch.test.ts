import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Unavailable } from '@shop/kernel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { databaseFetch, isRead } from '../src/database-fetch.ts'

const query = (text: string) => JSON.stringify({ query: text, params: [] })

describe('a lost answer', () => {
  let server: Server
  let url: string
  let asked: number
  let lost: number
  beforeEach(async () => {
    asked = 0
    lost = 1
    server = createServer((request, response) => {
      asked += 1
      if (asked <= lost) request.socket.destroy()
      else response.end('{}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const send = (text: string) => databaseFetch(url, { method: 'POST', body: query(text) })

  it('to a query that reads is asked for once more', async () => {
    expect((await send('select "id" from "catalog"."products"')).status).toBe(200)
    expect(asked).toBe(2)
  })

  it('is asked for no more than once more', async () => {
    lost = 2
    await expect(send('select 1')).rejects.toBeInstanceOf(Unavailable)
    expect(asked).toBe(2)
  })

  it('to one that writes is left to its operation', async () => {
    await expect(send('update "orders"."orders" set "version" = 2')).rejects.toBeInstanceOf(Unavailable)
    expect(asked).toBe(1)
  })
})

it.each([
  ['SELECT 1', true],
  ['  select 1', true],
  ['with placed as (insert into x values (1) returning 1) select 1 from placed', false],
  ['insert into x select 1', false],
  ['selection', false],
])('%j reads only: %s', (text, isOne) => {
  expect(isRead(query(text))).toBe(isOne)
  expect(isRead(JSON.stringify({ queries: [{ query: text, params: [] }] }))).toBe(false)
})
