/** Where a registration token is put on the machine, readable by its owner alone. */
const TOKEN_FILE = '~/.berth-token'
/** Free memory some minutes old is near enough to plan on, and the tools take seconds of one core. */
const EVERY_SECONDS = 300

const isLocal = (origin: string): boolean => /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(origin)

/** Whether the script asks to be told that the token may cross the network unencrypted. */
export const isPlainHttp = (origin: string): boolean => origin.startsWith('http://') && !isLocal(origin)

/** What a person runs on a machine to get the script of the server at `origin` and to use it. */
export function collectorCommands(origin: string, secret: string | undefined) {
  const to = `--url ${origin} --token-file ${TOKEN_FILE}${isPlainHttp(origin) ? ' --insecure-http' : ''}`
  return {
    fetch: `curl -fsSLO ${origin}/collect.sh && less collect.sh`,
    print: 'sh collect.sh > machine.json',
    keepToken: `(umask 077; printf '%s\\n' '${secret ?? 'brt_…'}' > ${TOKEN_FILE})`,
    once: `sh collect.sh ${to}`,
    often: `sh collect.sh ${to} --every ${EVERY_SECONDS}`,
    timer: `sh collect.sh --print-timer --url ${origin} --every ${EVERY_SECONDS}${isPlainHttp(origin) ? ' --insecure-http' : ''}`,
  } as const
}
