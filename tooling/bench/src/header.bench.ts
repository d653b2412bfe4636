import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import { readModelFromBytes } from '@berth/gguf'
import { encodeHeader, inferTypes } from '@berth/gguf/encode'
import { gguf } from '@huggingface/gguf'
import { Bench } from 'tinybench'
import { printRatio } from './print-ratio.ts'
import { printRows } from './print-rows.ts'

/** A 70B's header with a tokenizer of 128,256 tokens, as published files carry it, read whole from one file. */
function headerBytes(): Uint8Array {
  const model = findCatalogueModel('llama-3.3-70b')
  if (!model) throw new Error('the catalogue has no llama-3.3-70b')
  const plain = { ...catalogueHeader(model, 'Q4_K_M'), trimmedArrayLengths: {} }
  const strings = (count: number, length: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => String(index).padStart(length, 'token '))
  return encodeHeader({
    metadata: {
      ...inferTypes(plain),
      'tokenizer.ggml.tokens': { type: 'array', of: 'string', value: strings(128_256, 8) },
      'tokenizer.ggml.merges': { type: 'array', of: 'string', value: strings(280_147, 12) },
      'tokenizer.ggml.token_type': { type: 'array', of: 'i32', value: Array.from({ length: 128_256 }, () => 1) },
    },
    tensors: plain.tensors,
  })
}

const bytes = headerBytes()
const folder = mkdtempSync(join(tmpdir(), 'berth-bench-'))
const path = join(folder, 'header.gguf')
writeFileSync(path, bytes)

const bench = new Bench({ time: 500, iterations: 5, warmupIterations: 1 })
bench.add('read, trim and decode', () => readModelFromBytes(bytes))
bench.add('the library alone', () => gguf(path, { allowLocalFile: true }))
await bench.run()
rmSync(folder, { recursive: true })
console.log(`header of ${(bytes.length / 1e6).toFixed(1)} MB`)
printRows(bench)
printRatio(bench, {
  of: 'read, trim and decode',
  to: 'the library alone',
  meaning: 'Berth against @huggingface/gguf on the same bytes',
})
