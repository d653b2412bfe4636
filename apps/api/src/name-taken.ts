import { ApiError } from './errors.ts'

/**
 * Writes what has a name that another of its kind may have.
 *
 * @throws {ApiError} `name-taken` where the database says that another has.
 */
export async function namedOnce<Value>(noun: string, name: string, write: () => Promise<Value>): Promise<Value> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'P2002')) throw error
    throw new ApiError('name-taken', `Another ${noun} is called ${name}.`, { cause: error, data: { name } })
  }
}
