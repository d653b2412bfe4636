import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type GgufHeader, isMix, mixFileBytes, quantizeHeader, tensorDataBytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { findCatalogueModel } from './models/models.ts'

/** What llama.cpp itself wrote for a model: its tensors in F16, its hyperparameters, and the data bytes of each mix. */
interface Converted {
  readonly tensors: number
  /** Of the sorted lines `name shape type` of the F16 file; absent for models shipped quantized. */
  readonly sha256?: string
  readonly architecture: string
  readonly hyperparameters: Readonly<Record<string, unknown>>
  readonly bytes: Readonly<Record<string, number>>
}

const fixture = <Content>(name: string): Readonly<Record<string, Content>> =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')) as Record<string, Content>

const converted = Object.entries(fixture<Converted>('converted'))

const headerOf = (id: string): GgufHeader => {
  const model = findCatalogueModel(id)
  if (model === undefined) throw new Error(`no ${id} in the catalogue`)
  return model.headerF16()
}

const digest = ({ tensors }: GgufHeader): string => {
  const lines = tensors.map(({ name, shape, type }) => `${name} ${shape.join('x')} ${type}`).toSorted()
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

const hyperparametersOf = ({ metadata }: GgufHeader): Record<string, unknown> => {
  const prefix = `${String(metadata['general.architecture'])}.`
  const own = Object.entries(metadata).filter(([key]) => key.startsWith(prefix))
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]))
}

describe('headers of the catalogue against files of llama.cpp', () => {
  it('has something to compare', () => {
    expect(converted.length).toBeGreaterThanOrEqual(56)
  })

  it.each(converted)('%s has the tensors of the converted file', (id, file) => {
    const header = headerOf(id)
    expect(header.tensors).toHaveLength(file.tensors)
    expect(header.metadata['general.architecture']).toBe(file.architecture)
    if (file.sha256 !== undefined) expect(digest(header)).toBe(file.sha256)
  })

  it.each(converted)('%s has the hyperparameters of the converted file', (id, file) => {
    expect(hyperparametersOf(headerOf(id))).toEqual(file.hyperparameters)
  })

  // These files were written from descriptions of the models, not from weights.
  it.each(converted)('%s has the bytes of every quantized file', (id, file) => {
    const sizes = Object.keys(file.bytes).map((mix) => {
      if (!isMix(mix)) throw new Error(`${mix} is no mix`)
      return [mix, mixFileBytes(headerOf(id), mix, { modelFacts: 'described' })]
    })
    expect(Object.fromEntries(sizes)).toEqual(file.bytes)
  })
})

describe("mixes against llama.cpp's own snapshots of tensor types", () => {
  const snapshots = Object.entries(fixture<Readonly<Record<string, number>>>('snapshots'))

  it.each(snapshots)('%s has the bytes of all 33 mixes', (id, bytes) => {
    const sizes = Object.keys(bytes).map((mix) => {
      if (!isMix(mix)) throw new Error(`${mix} is no mix`)
      return [mix, tensorDataBytes(quantizeHeader(headerOf(id), mix, { importanceMatrix: false }))]
    })
    expect(sizes).toHaveLength(33)
    expect(Object.fromEntries(sizes)).toEqual(bytes)
  })
})
