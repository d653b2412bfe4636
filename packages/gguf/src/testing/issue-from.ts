import { GgufError } from '../errors.ts'

/** What a call refuses and why; its value if it refuses nothing. */
export const issueFrom = (call: () => unknown): unknown => {
  try {
    return call()
  } catch (error) {
    if (error instanceof GgufError) return error.issue
    throw error
  }
}
