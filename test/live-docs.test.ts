import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { eventually } from '@shop/testing/eventually'
import { variantIdOf } from '@shop/testing/product-body'
import { expect, it, onTestFinished, vi } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const SAMPLE = fileURLToPath(new URL('../docs/samples/listen.js', import.meta.url))
const [sample, usage] = [
  ...readFileSync(new URL('../docs/live.md', import.meta.url), 'utf8').matchAll(/```js\n([\s\S]*?)```/g),
].map(([, code = '']) => code)

const stage = useSharedPlatform()

it('docs/live.md shows the file that this test runs', () => {
  expect(sample).toBe(readFileSync(SAMPLE, 'utf8'))
})

it('the page of docs/live.md shows the stock as it changes, also what changed during an interruption', async () => {
  const { listen } = await import(SAMPLE)
  const page = new AbortController()
  onTestFinished(() => {
    page.abort()
    vi.unstubAllGlobals()
  })
  const sockets: WebSocket[] = []
  vi.stubGlobal(
    'WebSocket',
    class extends WebSocket {
      constructor(url: string) {
        super(url)
        sockets.push(this)
      }
    },
  )
  const product = await stage.shop.addProduct(stage.admin, { stock_quantity: 5 })
  const shown: unknown[] = []
  const code = usage?.replace('stock:7', `stock:${variantIdOf(product)}`) ?? ''
  new Function('listen', 'API', 'page', 'reloadProduct', 'showStock', code)(
    ...[listen, stage.platform.url, page],
    () => shown.push('reloaded'),
    (available: number) => shown.push(available),
  )
  const shows = (wanted: unknown[], withinMs: number) =>
    eventually(
      async () => shown,
      (found) => JSON.stringify(found) === JSON.stringify(wanted),
      withinMs,
    )
  await shows(['reloaded'], 10_000)
  await stage.shop.placeOrder(stage.customer, [[product, 1]])
  await shows(['reloaded', 4], 2_000)
  sockets[0]?.close()
  await stage.shop.placeOrder(stage.customer, [[product, 1]])
  await shows(['reloaded', 4, 3], 10_000)
  expect(sockets).toHaveLength(2)
})
