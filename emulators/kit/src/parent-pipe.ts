/**
 * Ends this process in good order when its parent goes, by whatever death: the parent holds the other end of stdin.
 * SIGTERM, SIGINT and SIGHUP do the same. Whichever comes first closes, once.
 *
 * Start such a child with `stdio: ['pipe', …]`. With stdin at /dev/null it would end at once.
 *
 * @param stop what to close first; if it throws, that is printed and the exit code is 1, else it is `process.exitCode`
 */
export function exitWhenParentGoes(stop: () => Promise<void> = async () => {}): void {
  let stopping = false
  const exit = () => {
    if (stopping) return
    stopping = true
    stop().then(
      () => process.exit(),
      (error) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.stdin.on('end', exit).on('close', exit).on('error', exit).resume()
  process.on('SIGTERM', exit).on('SIGINT', exit).on('SIGHUP', exit)
}
