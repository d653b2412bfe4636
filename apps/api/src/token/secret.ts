import { createHash, randomBytes } from 'node:crypto'

/** Says what it is wherever it turns up, to people and to programs that look for lost secrets. */
const PREFIX = 'brt_'
/** As many bits as the hash has: nothing shorter to guess. */
const SECRET_BYTES = 32

export const newSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64url')

/** What is kept of a secret. It is random in full, so no salt and no slow hash makes it harder to guess. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** The secret of an `Authorization` header; undefined when it holds none. */
export const secretOf = (header: string | undefined): string | undefined =>
  /^bearer +(brt_[\w-]{43})$/i.exec(header?.trim() ?? '')?.[1]
