/** What the environment may say; the only place of this program that asks it. */
export interface Environment {
  /** Base URL of the hub that `org/repo:quant` addresses mean. */
  readonly endpoint?: string
  /** For gated and private repositories. */
  readonly token?: string
  /** Of the Berth server that is asked where no other is named. */
  readonly url?: string
}

export function readEnvironment(): Environment {
  const { HF_ENDPOINT, HF_TOKEN, BERTH_URL } = process.env
  return {
    ...(HF_ENDPOINT && { endpoint: HF_ENDPOINT }),
    ...(HF_TOKEN && { token: HF_TOKEN }),
    ...(BERTH_URL && { url: BERTH_URL }),
  }
}
