import { describe, expect, it } from 'vitest'
import { findStory, stories } from './index.ts'
import { storyIds, type Telling } from './story.ts'

const told = new Map(stories.map((story) => [story.id, story.tell()]))
const tellingOf = (id: string): Telling => told.get(findStory(id)!.id)!

/** A table's rows as texts. */
const table = ({ tables }: Telling, at: number): readonly (readonly string[])[] =>
  tables[at]!.rows.map((row) => row.map(({ text }) => text))

it('are all told', () => expect(stories.map(({ id }) => id).toSorted()).toEqual([...storyIds].toSorted()))

it('are told by their threads', () => {
  for (const { thread, happened } of stories) {
    expect(thread).toMatch(/^https:\/\/github\.com\/[\w-]+\/[\w-]+\/issues\/\d+$/)
    expect(happened.length).toBeGreaterThan(0)
  }
})

it('a table has a cell for every column', () => {
  for (const { tables } of told.values()) {
    for (const { head, rows } of tables) for (const row of rows) expect(row).toHaveLength(head.length)
  }
})

describe('llamafile 0.8.14', () => {
  const telling = tellingOf('llamafile-compute-buffer')

  it('names the buffer of 1,056,964,608 bytes by its three parts', () => {
    expect(telling.tables[0]!.rows.map((row) => row[1]!.bytes)).toEqual([
      788_004_864, 262_668_288, 6_291_456, 1_056_964_608,
    ])
  })

  it('says which file, which ubatch and how many layers fit', () => {
    expect(table(telling, 1).map((row) => [row[0], row[3]])).toEqual([
      ['F16, ubatch 512', 'no'],
      ['Q8_0, ubatch 512', 'yes'],
      ['F16, ubatch 31', 'yes'],
    ])
    expect(table(telling, 2)).toEqual([['19', '10']])
  })
})

describe('KoboldCpp 1.63', () => {
  const telling = tellingOf('koboldcpp-spill')

  it('says that it crawls instead of failing', () => {
    expect(telling.says).toHaveLength(1)
    expect(telling.says[0]).toMatch(/needs 5\.80 GiB; .* It will not fail: .* the run crawls\./)
  })

  it('says how many layers fit at three contexts', () => {
    expect(table(telling, 1)).toEqual([
      ['2,048', '22 of 33', '22 of 33'],
      ['4,096', '19 of 33', '21 of 33'],
      ['8,192', '15 of 33', '19 of 33'],
    ])
    expect(telling.wayOut[0]).toBe(
      '--gpulayers 19 for a context of 4,096: 1,010 MiB of the card stay free for the compute buffer and the driver.',
    )
  })
})

describe('two models in one LLamaSharp program', () => {
  const telling = tellingOf('llamasharp-two-models')

  it('die at the first prompt to the first, step by step', () => {
    const { capacity, steps } = telling.course!
    expect(steps.map(({ held, fails }) => [held, fails])).toEqual([
      [8_377_417_984, false],
      [13_480_313_088, false],
      [22_024_511_744, false],
      [25_578_135_808, false],
      [25_783_656_704, true],
    ])
    expect(capacity).toBe(24 * 2 ** 30)
  })

  it('run when they are planned together', () => {
    expect(telling.wayOut[1]).toMatch(/^Planned together both run: A .* with \d+ blocks in host memory/)
  })
})

describe('Ollama 0.6', () => {
  const telling = tellingOf('ollama-61-gb')

  it('shows 61 GB for 42, and the line that explains each', () => {
    expect(telling.says[0]).toMatch(/^Ollama 0\.6 shows 61 GB and 44%\/56% CPU\/GPU for a file of 42 GB\./)
    expect(telling.says).toContain(
      '8.05 GiB: compute graph, counted once for every GPU that holds a layer (3 × 2,748 MiB)',
    )
    expect(telling.says.at(-1)).toBe('57.64 GiB: shown as 61 GB, 44%/56% CPU/GPU')
  })

  it('leaves about 4 GiB of each larger card unused', () => {
    expect(table(telling, 0).map((row) => row.slice(3))).toEqual([
      ['11.32 GiB', '7.50 GiB', '4.22 GiB'],
      ['11.27 GiB', '7.89 GiB', '3.83 GiB'],
      ['9.69 GiB', '6.91 GiB', '2.84 GiB'],
    ])
  })

  it('holds more layers on the same cards today', () => {
    const onGpus = table(telling, 1)
      .slice(0, -1)
      .reduce((sum, [, layers]) => sum + Number(layers), 0)
    expect(onGpus).toBeGreaterThan(13 + 14 + 11)
    expect(telling.wayOut.some((sentence) => sentence.startsWith('Ollama predicts '))).toBe(true)
  })
})

describe('ExLlamaV2', () => {
  const telling = tellingOf('exllamav2-long-context')

  it('makes a cache of 45.8 GiB where no length is given', () => {
    expect(telling.tables[0]!.rows[1]![1]!.bytes).toBe(245_760 * 200_000)
    expect(telling.says[1]).toMatch(/^Without -l .* 245,760 bytes a token .* are 45\.78 GiB\.$/)
  })

  it('fits with less context or a smaller cache, with what starts it', () => {
    expect(table(telling, 1).map((row) => row.slice(1, 3))).toEqual([
      ['200,000', '25.08 GiB'],
      ['200,000', '19.36 GiB'],
      ['200,000', '13.64 GiB'],
      ['143,360', '32.81 GiB'],
    ])
    expect(telling.wayOut[2]).toMatch(/^Keep the cache in Q4\. .* -cq4$/)
    expect(telling.wayOut[3]).toMatch(/ -l 143360 /)
  })
})
