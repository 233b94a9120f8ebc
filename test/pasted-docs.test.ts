import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import getPort from 'get-port'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DevProcess, freePorts, runDev } from './support/dev-process.ts'

const SELLING = fileURLToPath(new URL('../docs/selling.md', import.meta.url))
const README = fileURLToPath(new URL('../README.md', import.meta.url))
const WEBHOOKS = fileURLToPath(new URL('../docs/webhooks.md', import.meta.url))
const SAMPLES = fileURLToPath(new URL('../docs/samples', import.meta.url))

let directory: string
let shop: DevProcess
let base: string
let stripe: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shop-docs-'))
  const ports = await freePorts()
  base = `http://127.0.0.1:${ports.PORT}`
  stripe = `http://127.0.0.1:${ports.STRIPE_PORT}`
  shop = runDev({ LOCAL_DIR: directory, DEV_VARS: join(directory, '.dev.vars'), ...ports })
  await shop.opened
}, 120_000)
afterAll(async () => {
  await shop?.stop()
  await rm(directory, { recursive: true, force: true })
})

/** The shell blocks of a part of a page, docs/selling.md by default. */
async function blocksOf(heading: string, page = SELLING): Promise<string[]> {
  const parts = (await readFile(page, 'utf8')).split(/^## /m)
  const part = parts.find((text) => text.startsWith(`${heading}\n`))
  if (part === undefined) throw new Error(`${page} has no part "${heading}"`)
  return [...part.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
}

/** The block before the parts, for this shop. */
async function preamble(): Promise<string> {
  const [first = ''] = (await readFile(SELLING, 'utf8')).split(/^## /m)
  const [, block = ''] = /^```sh\n([\s\S]*?)^```$/m.exec(first) ?? []
  return block.replace(/^BASE=.*$/m, `BASE=${base}`).replace('curl -s ', 'curl -sS ')
}

async function run(script: string): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { maxBuffer: 10_000_000, cwd: directory })
  return stdout
}

/**
 * Runs calls as they are pasted. A call from whose answer something is read has to have it, or the script ends.
 *
 * @param refusals the codes of the calls that the page says are refused, in order
 * @returns what they print: each answer is one line
 */
async function paste(blocks: string[], refusals: string[] = []): Promise<Record<string, unknown>[]> {
  const script = ['set -euo pipefail', await preamble(), ...blocks]
    .join('\n')
    .replaceAll('http://127.0.0.1:9542', stripe)
    .replaceAll('docs/samples', SAMPLES)
  const stdout = await run(script)
  const answers: Record<string, unknown>[] = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  const problems = answers.filter(({ code }) => code !== undefined)
  expect(problems.map(({ code }) => code)).toEqual(refusals)
  return answers
}

it('the calls of README.md sign in, decline a card, and pay an order', async () => {
  const [, calls = ''] = /^```sh\n(BASE=[\s\S]*?)^```$/m.exec(await readFile(README, 'utf8')) ?? []
  const output = await run(`set -euo pipefail\n${calls.replace(/^BASE=.*$/m, `BASE=${base}`)}`)
  expect(output).toContain('"code":"payment_declined"')
  expect(output).toContain('"status":"processing","payment_status":"paid"')
}, 60_000)

describe('the calls of docs/selling.md', () => {
  it('keep a catalogue with its prices, translations, categories and stock, and are refused where the page says so', async () => {
    const parts = [
      ...['Products', 'Prices in currencies and at times', 'Translations', 'Categories, collections and attributes'],
      ...['Many products in one call', 'Stock'],
    ]
    await paste((await Promise.all(parts.map((part) => blocksOf(part)))).flat(), [
      'variant_required',
      'not_sold_in_currency',
    ])
  }, 60_000)

  it('place and pay an order, refund it once, read its ledger, and show a dispute', async () => {
    const parts = [
      ...['Placing an order', 'Paying it', 'Order history', 'Refunds', 'Capturing at shipping', 'The ledger', 'Events'],
    ]
    const answers = await paste((await Promise.all(parts.map((part) => blocksOf(part)))).flat(), [
      ...['variant_not_found', 'too_many_units_held', 'max_per_order_exceeded', 'payment_declined'],
      // The shop captures at once.
      'payment_not_capturable',
    ])
    // The repeated call refunded nothing more.
    expect(answers.find(({ refunds }) => refunds !== undefined)).toMatchObject({ refunds: [{ amount: 9.99 }] })
    expect(answers.find(({ disputes }) => disputes !== undefined)).toMatchObject({ disputes: [{}] })
  }, 60_000)

  it('put an account into a group, make a promotion for it, and write a note', async () => {
    const answers = await paste(await blocksOf('Customer groups'))
    expect(answers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ customers: [expect.objectContaining({ email: 'customer@example.com' })] }),
        expect.objectContaining({ promotion: expect.objectContaining({ name: 'Wholesale' }) }),
        expect.objectContaining({ notes: [expect.objectContaining({ text: 'Asked for invoices in German' })] }),
        { message: 'Customer group deleted' },
      ]),
    )
  })

  it('lead from an empty cart to a paid order with shipping, tax and a code, and merge carts', async () => {
    const answers = await paste(await blocksOf('From cart to order'))
    const orders = answers.flatMap(({ order }) => (order === undefined ? [] : [order as Record<string, unknown>]))
    expect(orders.at(-1)).toMatchObject({
      email: 'ada@example.com',
      shipping: { name: expect.any(String) },
      adjustments: [{ type: 'percentage', code: expect.stringMatching(/^WELCOME-/) }],
      items: [{ quantity: 1 }, { quantity: 2 }],
    })
    expect(answers.find(({ payment }) => payment !== undefined)).toMatchObject({ payment: { status: 'succeeded' } })
    expect(answers.at(-1)).toMatchObject({ cart: { status: 'open', items: [{ quantity: 2 }] } })
  }, 60_000)

  it('edit an order before and after it is paid, and give money back', async () => {
    const answers = await paste(await blocksOf('Editing an order'))
    expect(answers.flatMap(({ edit }) => (edit === undefined ? [] : [edit]))).toMatchObject([
      { refund: 0 },
      { refund: 0 },
      { refund: 0 },
      { refund: expect.any(Number) },
    ])
    expect(answers.flatMap(({ payment }) => (payment === undefined ? [] : [payment]))).toMatchObject([
      { status: 'succeeded' },
      { status: 'succeeded' },
    ])
  }, 60_000)

  it('ship an order in parts, refund a unit of it by line, and find and export orders', async () => {
    const answers = await paste(await blocksOf('Shipping it'))
    const shipments = answers.flatMap(({ shipment }) => (shipment === undefined ? [] : [shipment]))
    expect(shipments).toMatchObject([
      { status: 'shipped', carrier: 'DHL', items: [{ quantity: 1 }] },
      { status: 'cancelled', items: [{ quantity: 2 }] },
      { status: 'shipped', tracking_number: '00340434161094042558', items: [{ quantity: 1 }] },
      { status: 'delivered' },
    ])
    expect(answers.find(({ refund }) => refund !== undefined)).toMatchObject({ refund: { reason: 'Sold out' } })
    const orders = answers.flatMap(({ order }) => (order === undefined ? [] : [order]))
    expect(orders.at(-1)).toMatchObject({
      items: [{ to_ship: 0, shipped_quantity: 2, removed_quantity: 1, refunded_quantity: 1 }],
      shipments: [{}, {}, {}],
    })
  }, 60_000)

  it('issue a gift card, pay a part of an order with it, get it back by cancelling the order, and void the card', async () => {
    const answers = await paste(await blocksOf('Gift cards'))
    const orders = answers.flatMap(({ order }) => (order === undefined ? [] : [order]))
    expect(orders).toMatchObject([
      { total_amount: 30, amount_due: 10 },
      { status: 'cancelled', amount_due: 0 },
    ])
    const cards = answers.flatMap(({ gift_card: card }) => (card === undefined ? [] : [card]))
    expect(cards[0]).toMatchObject({ balance: 20, currency: 'USD' })
    expect(cards.find((card) => 'entries' in (card as object))).toMatchObject({ balance: 20 })
    expect(cards.at(-1)).toMatchObject({ balance: 0 })
  }, 60_000)

  it('print the invoice of an order, the credit note of its refund, and a packing slip', async () => {
    const answers = await paste(await blocksOf('Invoices'))
    expect(answers.find(({ invoices }) => invoices !== undefined)).toMatchObject({
      invoices: [{ kind: 'invoice', reason: 'paid' }],
    })
    for (const file of ['invoice.pdf', 'credit-note.pdf', 'packing-slip.pdf']) {
      expect((await readFile(join(directory, file), 'latin1')).slice(0, 5)).toBe('%PDF-')
    }
  }, 60_000)

  it('return units of an order, of which one is for sale again, refund them, and exchange another one', async () => {
    const answers = await paste(await blocksOf('Returns'))
    expect(answers.at(-1)).toMatchObject({
      returns: [
        {
          ...{ status: 'closed', note: 'Too tight' },
          items: [{ received_quantity: 2, restocked_quantity: 1, written_off_quantity: 1, refunded_quantity: 2 }],
        },
        { items: [{ refunded_quantity: 1 }], exchange_order_id: expect.any(String) },
      ],
    })
    expect(answers.find(({ refund }) => refund !== undefined)).toMatchObject({ refund: { reason: 'Returned' } })
  }, 60_000)
})

describe('the calls of docs/webhooks.md', () => {
  it('send events to the receiver of the page, and are refused for other hosts in development', async () => {
    const port = await getPort()
    const local = await blocksOf('Try it locally', WEBHOOKS)
    const others = [
      ...(await blocksOf('Add an endpoint', WEBHOOKS)),
      ...(await blocksOf('When an endpoint fails', WEBHOOKS)),
    ]
    const answers = await paste(
      [...local.map((block) => block.replaceAll('4000', String(port))), ...others],
      ['webhook_url_not_allowed'],
    )
    const received = answers.filter(({ isNewest }) => isNewest !== undefined)
    expect(received.map(({ type }) => type)).toEqual(['webhook.test', 'product.created'])
    expect(answers.find(({ deliveries }) => deliveries !== undefined)).toMatchObject({
      deliveries: [{ status: 'delivered' }, { status: 'delivered' }],
    })
    expect(answers.at(-1)).toMatchObject({ resent: 0 })
  }, 60_000)
})
