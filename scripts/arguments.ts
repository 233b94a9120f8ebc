/** Reads a script's arguments by `parseArgs`. Prints the help text for `--help`, and after the error for an unknown option. */
export function orHelp<V>(help: string, read: () => V): V {
  if (process.argv.includes('--help')) {
    console.log(help)
    process.exit(0)
  }
  try {
    return read()
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`)
    process.exit(1)
  }
}
