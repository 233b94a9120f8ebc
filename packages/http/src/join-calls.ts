import { AsyncLocalStorage } from 'node:async_hooks'

/** A call that takes many requests; its answers are in their order. */
export type ListCall<Q, A> = (requests: Q[]) => Promise<A[]>

/** Makes of a list call one for a single request, which may be joined with those of other items. */
export type Join = <Q, A>(call: ListCall<Q, A>) => (request: Q) => Promise<A>

/** Calls at once, with a list of one. */
export const alone: Join = (call) => async (request) => only(await call([request]))

function only<A>([answer, ...others]: A[]): A {
  if (answer === undefined || others.length > 0) throw new Error('A list call did not answer each request once')
  return answer
}

type Item = { waits: number }
type Waiting = { item: Item | undefined; request: unknown; resume(answer: Promise<unknown>): void }

/**
 * Does the work for each item, and joins their calls of another worker: an item that makes such a call waits until no
 * item can go on without one; then each call is made once, with the requests of all that wait. So the number of calls is
 * that of the steps of one item, however many items there are.
 *
 * @param concurrency how many items run at the same time; an item that waits does not count
 * @param prepare is called once; its result does the work for one item, with calls that went through `join`
 */
export async function runJoined<T, R>(
  items: readonly T[],
  concurrency: number,
  prepare: (join: Join) => (item: T) => Promise<R>,
): Promise<R[]> {
  const meeting = new Meeting(concurrency)
  const work = prepare(meeting.join)
  return Promise.all(items.map((item) => meeting.run(() => work(item))))
}

const currentItem = new AsyncLocalStorage<Item>()

class Meeting {
  readonly #concurrency: number
  /** Items that run now. */
  #running = 0
  /** What starts or resumes an item as soon as fewer run. */
  readonly #ready: (() => void)[] = []
  #waiting = new Map<ListCall<never, unknown>, Waiting[]>()
  /** List calls that are under way. */
  #calling = 0
  #isScheduled = false

  constructor(concurrency: number) {
    this.#concurrency = concurrency
  }

  async run<R>(work: () => Promise<R>): Promise<R> {
    const item: Item = { waits: 0 }
    await this.#turn()
    try {
      return await currentItem.run(item, work)
    } finally {
      this.#running -= 1
      this.#schedule()
    }
  }

  readonly join: Join = (call) => async (request) => {
    const item = currentItem.getStore()
    const answer = await new Promise<Promise<unknown>>((resume) => {
      const known = this.#waiting.get(call) ?? []
      // Only this call gets these requests, and only its answers are returned to them.
      this.#waiting.set(call as ListCall<never, unknown>, [...known, { item, request, resume }])
      this.#pause(item)
      this.#schedule()
    })
    return (await answer) as Awaited<ReturnType<typeof call>>[number]
  }

  /** An item that makes two calls at once waits once. */
  #pause(item: Item | undefined): void {
    if (item === undefined) return
    if (item.waits === 0) this.#running -= 1
    item.waits += 1
  }

  #turn(): Promise<void> {
    return new Promise((begin) => {
      this.#ready.push(begin)
      this.#schedule()
    })
  }

  /** In a task of its own, so that everything that begins or ends together has done so. */
  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    queueMicrotask(() => {
      this.#isScheduled = false
      this.#advance()
    })
  }

  #advance(): void {
    while (this.#running < this.#concurrency) {
      const begin = this.#ready.shift()
      if (begin === undefined) break
      this.#running += 1
      begin()
    }
    if (this.#running > 0 || this.#calling > 0 || this.#waiting.size === 0) return
    const calls = [...this.#waiting]
    this.#waiting = new Map()
    for (const [call, waiting] of calls) void this.#make(call, waiting)
  }

  async #make(call: ListCall<never, unknown>, waiting: Waiting[]): Promise<void> {
    const requests = waiting.map(({ request }) => request as never)
    this.#calling += 1
    const answers = call(requests)
    const isAnswered = await answers.then(
      (all) => all.length === requests.length,
      () => true,
    )
    this.#calling -= 1
    waiting.forEach(({ item, resume }, index) => {
      const answer = answers.then((all) => (isAnswered ? all[index] : only(all)))
      // Its item awaits it a moment later.
      answer.catch(() => undefined)
      if (item !== undefined) item.waits -= 1
      if (item === undefined || item.waits > 0) resume(answer)
      else this.#ready.push(() => resume(answer))
    })
    this.#schedule()
  }
}
