/** What `engines` in the root package.json asks for; the packages in the lockfile need it. */
const REQUIRED = [20, 19]

/** True when `version` ("v20.19.0") is at least the required one. */
export function isSupportedNode(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number)
  return major > REQUIRED[0] || (major === REQUIRED[0] && minor >= REQUIRED[1])
}

/** Ends the process with one line when Node is too old to run Berth. */
export function requireNode() {
  if (isSupportedNode(process.version)) return
  console.error(
    `error: Berth needs Node ${REQUIRED.join('.')} or newer; this is ${process.version}. See https://nodejs.org`,
  )
  process.exit(1)
}
