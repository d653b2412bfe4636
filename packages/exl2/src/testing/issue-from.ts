import { Exl2Error } from '../errors.ts'

/** What a call refuses and why; its value if it refuses nothing. */
export const issueFrom = (call: () => unknown): unknown => {
  try {
    return call()
  } catch (error) {
    if (error instanceof Exl2Error) return error.issue
    throw error
  }
}
