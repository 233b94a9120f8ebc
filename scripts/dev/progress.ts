type Output = { write(text: string): unknown; isTTY?: boolean | undefined }

const CLEAR_LINE = '\r\u001b[2K'
const TICK_MILLISECONDS = 200

/** Shows the progress of a start: one line per finished step, and on a terminal a last line with the pending steps. */
export class Progress {
  readonly #output: Output
  readonly #now: () => number
  readonly #waitingSince = new Map<string, number>()
  #ticking: NodeJS.Timeout | undefined

  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output
    this.#now = now
  }

  /** @param detail returns the text to print beside the step when it is done */
  async step<T>(name: string, work: Promise<T>, detail: (value: T) => string = () => ''): Promise<T> {
    const startedAt = this.#now()
    this.#waitingSince.set(name, startedAt)
    this.#tick()
    const end = (mark: string, text: string) => {
      this.#waitingSince.delete(name)
      const seconds = `${((this.#now() - startedAt) / 1_000).toFixed(1)} s`
      this.line(`  ${mark} ${name.padEnd(10)} ${seconds.padStart(6)}   ${text}`.trimEnd())
    }
    try {
      const value = await work
      end('✓', detail(value))
      return value
    } catch (error) {
      end('✗', '')
      throw error
    }
  }

  line(text: string): void {
    this.#output.write(`${this.#output.isTTY ? CLEAR_LINE : ''}${text}\n`)
    this.#tick()
  }

  /** Clears the line of pending steps. */
  end(): void {
    clearInterval(this.#ticking)
    if (this.#output.isTTY) this.#output.write(CLEAR_LINE)
  }

  #tick(): void {
    if (!this.#output.isTTY) return
    this.#ticking ??= setInterval(() => this.#tick(), TICK_MILLISECONDS).unref()
    if (this.#waitingSince.size === 0) return
    const longest = Math.min(...this.#waitingSince.values())
    const seconds = ((this.#now() - longest) / 1_000).toFixed(0)
    this.#output.write(`${CLEAR_LINE}  … ${[...this.#waitingSince.keys()].join(', ')} (${seconds} s)`)
  }
}
