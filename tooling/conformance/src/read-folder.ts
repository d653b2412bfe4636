import { createReadStream, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gunzipSync, createGunzip } from 'node:zlib'
import { describeModel, explainDescribeIssue, type Model } from '@berth/core'
import { readModelFromBytes } from '@berth/gguf'
import type { ConformanceCase } from './case.ts'

/** The cases of a folder, line by line: `cases.jsonl`, or the same packed as `cases.jsonl.gz`. */
export async function* readCases(folder: string): AsyncGenerator<ConformanceCase> {
  const packed = join(folder, 'cases.jsonl.gz')
  const source = existsSync(packed)
    ? createReadStream(packed).pipe(createGunzip())
    : createReadStream(join(folder, 'cases.jsonl'))
  for await (const line of createInterface({ input: source, crlfDelay: Infinity })) {
    if (line.trim() !== '') yield JSON.parse(line) as ConformanceCase
  }
}

/** Reads each header once. Throws where a header cannot be read or is no model: such a folder proves nothing. */
export function modelReader(folder: string): (header: string) => Promise<Model> {
  const known = new Map<string, Promise<Model>>()
  return (header) => {
    const reading = known.get(header) ?? readModel(join(folder, 'headers', `${header}.gguf.gz`))
    known.set(header, reading)
    return reading
  }
}

async function readModel(path: string): Promise<Model> {
  const { header } = await readModelFromBytes(gunzipSync(await readFile(path)), { fileName: path })
  const described = describeModel(header)
  if (!described.ok) throw new Error(`${path}: ${explainDescribeIssue(described.issue)}`)
  return described.value
}
