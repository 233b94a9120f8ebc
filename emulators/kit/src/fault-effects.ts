import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Faults of the transport, the same for every emulator:
 * - `delay`: waits `ms` before the work, or after it with `at: 'after'`
 * - `cut_before`, `cut_after`: closes the connection without an answer, before or after the work
 * - `drip`: does the work and sends the answer in pieces over `ms`
 * - `hang`: never answers; skips the work, or does it with `at: 'after'`
 */
export type TransportFault =
  | { kind: 'delay'; ms: number; at?: 'before' | 'after' }
  | { kind: 'cut_before' }
  | { kind: 'cut_after' }
  | { kind: 'drip'; ms: number }
  | { kind: 'hang'; at?: 'before' | 'after' }

/** Answers `status`. `at: 'before'` (default) skips the work; `'after'` does the work and discards its answer. */
export type StatusFault = { kind: 'status'; status: number; at?: 'before' | 'after' }

/** `'cut'` means: close the connection without an answer. `'hang'`: leave it open, see {@link hang}. */
export type Outcome<A> = 'cut' | 'hang' | { answer: A; dripMs: number }

/**
 * Does `work` under a fault, if there is one.
 *
 * @param statusAnswer the answer of a status fault; an error that it throws rejects the promise, like one from `work`
 * @param stopping when aborted, ends delays and cuts the connection
 */
export async function underFault<A, S extends StatusFault>(
  fault: TransportFault | S | undefined,
  work: () => Promise<A>,
  statusAnswer: (fault: S) => A,
  stopping: AbortSignal,
): Promise<Outcome<A>> {
  if (fault === undefined) return { answer: await work(), dripMs: 0 }
  if (fault.kind === 'cut_before') return 'cut'
  if (fault.kind === 'hang' && fault.at !== 'after') return 'hang'
  if (fault.kind === 'delay' && fault.at !== 'after') await pause(fault.ms, stopping)
  if (stopping.aborted) return 'cut'
  if (fault.kind === 'status' && fault.at !== 'after') return { answer: statusAnswer(fault), dripMs: 0 }
  // An error of the work is an answer too, so a later fault discards it like any other.
  const done = await work().then(
    (answer) => () => answer,
    (error: unknown) => () => {
      throw error
    },
  )
  if (fault.kind === 'delay' && fault.at === 'after') await pause(fault.ms, stopping)
  if (fault.kind === 'cut_after' || stopping.aborted) return 'cut'
  if (fault.kind === 'hang') return 'hang'
  if (fault.kind === 'status') return { answer: statusAnswer(fault), dripMs: 0 }
  return { answer: done(), dripMs: fault.kind === 'drip' ? fault.ms : 0 }
}

/** Keeps a connection open without an answer, until the client or the emulator closes it. */
export function hang(socket: Socket, stopping: AbortSignal): void {
  const close = () => socket.destroy()
  stopping.addEventListener('abort', close, { once: true })
  socket.once('close', () => stopping.removeEventListener('abort', close))
}

const PIECES = 20

/** Sends a body in pieces over `ms`, after its head was written. Ends early when the client or the emulator closes. */
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
