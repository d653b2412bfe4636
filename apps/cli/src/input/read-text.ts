import { createReadStream } from 'node:fs'
import { MIB } from '@berth/core'
import { Failure, fileProblem, printable } from '../failure.ts'

/** The XML of nvidia-smi takes about 30 KB a GPU; a rack of text is a thousand times smaller than this. */
const INVENTORY_BYTES_MAX = 32 * MIB

/**
 * The text of a file, or of standard input for `-`, as UTF-8 or, with its mark, UTF-16 (what PowerShell's `>` writes).
 * Reads no more than the limit, so an endless file ends too.
 */
export async function readText(path: string, subject: string): Promise<string> {
  const name = path === '-' ? 'standard input' : printable(path)
  const chunks: Buffer[] = []
  let size = 0
  try {
    const stream: AsyncIterable<Buffer> = path === '-' ? process.stdin : createReadStream(path)
    for await (const chunk of stream) {
      size += chunk.length
      if (size > INVENTORY_BYTES_MAX)
        throw new Failure(`${subject}: ${name} is longer than ${INVENTORY_BYTES_MAX} bytes`)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`${subject}: ${name} cannot be read: ${fileProblem(error)}`)
  }
  return decode(Buffer.concat(chunks))
}

function decode(content: Buffer): string {
  const encoding = content[0] === 0xff && content[1] === 0xfe ? 'utf-16le' : 'utf-8'
  return new TextDecoder(encoding).decode(content)
}
