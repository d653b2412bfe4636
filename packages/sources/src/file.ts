import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { MIB } from '@berth/core'
import { SourceError } from './issue.ts'
import { shown } from './shown.ts'
import type { HeadSource } from './head-source.ts'
import { createPrefixBuffer } from './prefix-buffer.ts'

/** Headers without a tokenizer end within the first read. */
const FIRST_READ_BYTES = MIB / 4

/**
 * Reads a local file's first bytes.
 *
 * @throws SourceError `not-found`, `not-readable` (folders, devices, pipes, missing rights)
 */
export const openFileSource = async (path: string): Promise<HeadSource> => {
  const file = await openRegular(path)
  const { size } = await file.stat()
  const buffer = createPrefixBuffer()
  let ended = size === 0
  const head = async (count: number): Promise<{ bytes: Uint8Array; ended: boolean }> => {
    while (buffer.length() < count && !ended) {
      // Doubling, so that a long header takes few reads and a short one little memory.
      const wanted = Math.max(FIRST_READ_BYTES, buffer.length(), count - buffer.length())
      const chunk = new Uint8Array(Math.min(wanted, size - buffer.length()))
      const { bytesRead } = await file.read(chunk, 0, chunk.length, buffer.length())
      buffer.append(chunk.subarray(0, bytesRead))
      ended = bytesRead === 0 || buffer.length() >= size
    }
    return { bytes: buffer.bytes(), ended }
  }
  return { fileName: basename(path), head, fileBytes: () => size, close: () => file.close() }
}

/** Opened without blocking and looked at afterwards, so that a pipe neither hangs the reader nor slips in between. */
async function openRegular(path: string): Promise<FileHandle> {
  const address = shown(path)
  let file: FileHandle
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new SourceError({ code: 'not-found', address }, { cause: error })
    throw new SourceError({ code: 'not-readable', address, problem: shown(code || String(error)) }, { cause: error })
  }
  const stats = await file.stat()
  if (stats.isFile()) return file
  await file.close()
  throw new SourceError({ code: 'not-readable', address, problem: stats.isDirectory() ? 'a folder' : 'not a file' })
}
