import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * What can go wrong on the way to any emulator:
 * - `delay`: waits `ms`, by default before the work; `at: 'after'` waits with the work done
 * - `cut_before`, `cut_after`: closes the connection without an answer, before or after the work
 * - `drip`: does the work, and sends the answer piece by piece over `ms`
 */
export type WayFault =
  | { kind: 'delay'; ms: number; at?: 'before' | 'after' }
  | { kind: 'cut_before' }
  | { kind: 'cut_after' }
  | { kind: 'drip'; ms: number }

/** Answers `status`. `at: 'before'` (default) does no work; `'after'` does it and loses its answer. */
export type StatusFault = { kind: 'status'; status: number; at?: 'before' | 'after' }

/** `'cut'` asks for the connection to be closed without an answer. */
export type Given<A> = 'cut' | { answer: A; dripMs: number }

/**
 * Does `work` as the fault lets it.
 *
 * @param instead the answer of a status fault
 * @param stopping a delay ends when it is aborted, and nothing is answered any more
 */
export async function underFault<A, S extends StatusFault>(
  fault: WayFault | S | undefined,
  work: () => Promise<A>,
  instead: (fault: S) => A,
  stopping: AbortSignal,
): Promise<Given<A>> {
  if (fault === undefined) return { answer: await work(), dripMs: 0 }
  if (fault.kind === 'cut_before') return 'cut'
  if (fault.kind === 'delay' && fault.at !== 'after') await pause(fault.ms, stopping)
  if (stopping.aborted) return 'cut'
  if (fault.kind === 'status' && fault.at !== 'after') return { answer: instead(fault), dripMs: 0 }
  // What the work refuses is an answer as well, and lost like any other.
  const done = await work().then(
    (answer) => () => answer,
    (error: unknown) => () => {
      throw error
    },
  )
  if (fault.kind === 'delay' && fault.at === 'after') await pause(fault.ms, stopping)
  if (fault.kind === 'cut_after' || stopping.aborted) return 'cut'
  if (fault.kind === 'status') return { answer: instead(fault), dripMs: 0 }
  return { answer: done(), dripMs: fault.kind === 'drip' ? fault.ms : 0 }
}

const PIECES = 20

/** Sends a body whose head is written, in pieces over `ms`; ends early when the client leaves or the emulator closes. */
export async function drip(response: ServerResponse, body: Buffer, ms: number, stopping: AbortSignal): Promise<void> {
  const size = Math.max(1, Math.ceil(body.length / PIECES))
  for (let sent = 0; sent < body.length && !response.destroyed; sent += size) {
    response.write(body.subarray(sent, sent + size))
    await pause(ms / PIECES, stopping)
  }
  response.end()
}

function pause(ms: number, stopping: AbortSignal): Promise<void> {
  return wait(ms, undefined, { signal: stopping }).catch(() => undefined)
}
