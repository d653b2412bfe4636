/** Why the database cannot be used; the message is for whoever starts the server. */
export class DatabaseStartError extends Error {
  override readonly name = 'DatabaseStartError'
}

export const startError = (message: string, cause?: unknown): DatabaseStartError =>
  new DatabaseStartError(message, { cause })
