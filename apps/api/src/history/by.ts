import type { Context } from '../context.ts'

/** Who or what writes, and why: goes with every write of a machine into its history. */
export interface By {
  /** The page, the API, a registration token by its name. */
  readonly source: string
  /** All changes of one request have one. */
  readonly requestId: string
  /** Why, as it was typed. */
  readonly message?: string | undefined
}

export const byRequest = ({ via, requestId }: Pick<Context, 'via' | 'requestId'>, message?: string): By => ({
  source: via,
  requestId,
  message,
})
