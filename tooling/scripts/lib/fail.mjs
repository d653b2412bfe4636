/** Says why a script cannot go on, and ends it: the message is for a person, so no stack. */
export function failWith(error) {
  console.error(`\nerror: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
