import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addressOf, type Mail } from './mail.ts'

/** Mails that are kept: the oldest are deleted. */
const KEPT_MAILS = 5_000

/** The mails, oldest first: in memory, and in a file each where a directory is given. */
export class MailStore {
  readonly #dir: string | undefined
  #mails: Mail[] = []

  /** @param dir undefined keeps everything in memory */
  constructor(dir: string | undefined) {
    this.#dir = dir
    if (dir === undefined) return
    mkdirSync(dir, { recursive: true })
    const files = readdirSync(dir).filter((name) => name.endsWith('.json'))
    // This emulator wrote them.
    const read = files.map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')) as Mail)
    this.#mails = read.sort((one, other) => one.sentAt.localeCompare(other.sentAt))
  }

  /** The file is complete before the answer to the request, so that killing the process loses nothing. */
  add(mail: Mail): void {
    if (this.#dir !== undefined) {
      const path = join(this.#dir, `${mail.id}.json`)
      writeFileSync(`${path}.new`, JSON.stringify(mail, undefined, 2))
      renameSync(`${path}.new`, path)
    }
    this.#mails.push(mail)
    while (this.#mails.length > KEPT_MAILS) this.#delete(this.#mails.shift())
  }

  find(id: string): Mail | undefined {
    return this.#mails.find((mail) => mail.id === id)
  }

  /** @param to an address, in any case */
  list({ to }: { to?: string | undefined } = {}): Mail[] {
    if (to === undefined) return [...this.#mails]
    const address = addressOf(to)
    return this.#mails.filter((mail) => mail.to.some((recipient) => addressOf(recipient) === address))
  }

  clear(): void {
    for (const mail of this.#mails) this.#delete(mail)
    this.#mails = []
  }

  #delete(mail: Mail | undefined): void {
    if (this.#dir !== undefined && mail !== undefined) rmSync(join(this.#dir, `${mail.id}.json`), { force: true })
  }
}
