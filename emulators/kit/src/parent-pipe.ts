/**
 * Ends this process in good order when its parent ends, even if the parent is killed: the parent holds the other end of
 * stdin. SIGTERM, SIGINT and SIGHUP do the same. `stop` runs once.
 *
 * Start such a child with `stdio: ['pipe', …]`. With stdin at /dev/null it would end at once.
 *
 * @param stop closes resources first. If it throws, the error is printed and the exit code is 1, else
 * `process.exitCode`
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
