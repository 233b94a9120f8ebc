import type { Platform } from '@shop/testing/platform'
import type { Cast } from './cast.ts'
import { type RawRequest, rawRequest, serialize } from './draft.ts'
import { type Exchange, exchangeOf, isGood, parsed } from './exchange.ts'
import { Memory } from './memory.ts'
import { parameterName, requiredNames } from './names.ts'
import { type Surroundings, violationsOf } from './rules.ts'
import type { Operation } from './schema.ts'
import type { Sender } from './send.ts'
import { signatureHeaders } from './sign.ts'
import type { Choice, Step } from './step.ts'
import { applyTwists } from './twists.ts'

/** What was done in one step, for a report. */
export type Done = {
  step: Step
  exchange: Exchange
  violations: string[]
  /** What the workers logged of a request that breaks a rule. */
  logged: string[]
}

export type Scene = Surroundings & {
  platform: Platform
  sender: Sender
  cast: Cast
  /** Of the client, for limits. */
  address: string
  onDone(done: Done): void
}

/** Sends the requests of a sequence one after the other, and stops at the first that breaks a rule. */
export async function runSequence(scene: Scene, choices: Choice[]): Promise<Done[]> {
  const memory = new Memory()
  for (const { caller, ...credentials } of scene.cast.credentials) memory.learn(caller, credentials)
  for (const { caller, parts } of scene.cast.given) memory.learn(caller, ...parts)
  const done: Done[] = []
  for (const choice of choices) {
    const step = choice.find(({ operation, caller }) => hasReferences(operation, caller, memory)) ?? choice[0]
    if (step === undefined) continue
    if (scene.isDisturbed) step.disturbance?.arm(scene.platform)
    const request = requestOf(scene, step, memory)
    const sent = step.isDoubled ? [request, request] : [request]
    const sender = {
      token: scene.cast.tokenOf(step.caller, step.pick),
      account: scene.cast.accountOf(step.caller),
      isStaff: step.caller === 'admin',
    }
    const answers = await Promise.all(sent.map((one) => scene.sender.send(one)))
    for (const answer of answers) {
      scene.slowness.learn(answer, performance.now())
      const exchange = exchangeOf(request, answer, sender)
      const violations = violationsOf(exchange, scene)
      const one = { step, exchange, violations, logged: violations.length === 0 ? [] : loggedOf(scene, exchange) }
      done.push(one)
      scene.onDone(one)
      if (isGood(exchange)) remember(memory, step, exchange)
    }
    if (done.some(({ violations }) => violations.length > 0)) break
  }
  return done
}

function loggedOf({ platform }: Scene, { answer: { headers } }: Exchange): string[] {
  const id = headers['x-request-id']
  return id === undefined ? [] : platform.logs().filter((line) => line.includes(String(id)))
}

/** Whether the caller knows an id for each one that the operation needs. */
function hasReferences({ path, parameters, body }: Operation, caller: string, memory: Memory): boolean {
  const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => parameterName(path, name))
  const needed = [...inPath, ...(body === undefined ? [] : requiredNames(body))]
  return needed.filter((name) => name.endsWith('_id')).every((name) => memory.knows(name, caller))
}

function requestOf({ cast, address }: Scene, step: Step, memory: Memory): RawRequest {
  const draft = step.draw(memory.recallFor(step.caller))
  draft.headers.set('cf-connecting-ip', address)
  const token = cast.tokenOf(step.caller, step.pick)
  if (token !== undefined) draft.headers.set('authorization', `Bearer ${token}`)
  applyTwists(draft, step.twists)
  if (draft.signer !== undefined) {
    const body = serialize(draft)?.toString('utf8') ?? ''
    for (const [name, value] of Object.entries(signatureHeaders(draft.signer, body))) draft.headers.set(name, value)
  }
  return rawRequest(draft)
}

function remember(memory: Memory, { caller, operation }: Step, { request, answer, body, path }: Exchange): void {
  const { etag } = answer.headers
  const headers = {
    ...(etag === undefined ? {} : { if_match: etag, if_none_match: etag }),
    ...(request.headers['idempotency-key'] && { idempotency_key: request.headers['idempotency-key'] }),
  }
  const sent = request.body === undefined ? null : parsed(request.body.toString('utf8'))
  // The path itself is what the answer is about, so that later requests find the tag of that order.
  memory.learn(caller, body, typeof sent === 'object' ? sent : null, headers, pathIds(operation.path, path))
}

function pathIds(template: string, path: string): Record<string, string | number> {
  const parts = path.split('/')
  return Object.fromEntries(
    template.split('/').flatMap((part, index) => {
      const value = parts[index] ?? ''
      if (!part.startsWith('{')) return []
      return [[parameterName(template, part.slice(1, -1)), /^\d+$/.test(value) ? Number(value) : value]]
    }),
  )
}
