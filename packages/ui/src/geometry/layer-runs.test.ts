import { describe, expect, it } from 'vitest'
import { describeRun, layerRuns, type LayerHolder } from './layer-runs.ts'

const layers = (...runs: readonly (readonly [LayerHolder, number])[]): readonly LayerHolder[] =>
  runs.flatMap(([holder, count]) => Array.from({ length: count }, () => holder))

describe('layerRuns', () => {
  it.each([
    [
      'two devices',
      layers([0, 41], [1, 40]),
      [
        [0, 0, 40],
        [1, 41, 80],
      ],
    ],
    [
      'host blocks first',
      layers(['host', 3], [0, 2]),
      [
        ['host', 0, 2],
        [0, 3, 4],
      ],
    ],
    // a device may come back after another one under --override-tensor
    [
      'a device that returns',
      layers([0, 1], [1, 1], [0, 1]),
      [
        [0, 0, 0],
        [1, 1, 1],
        [0, 2, 2],
      ],
    ],
    ['no layers', [], []],
  ])('groups %s', (_, strip, expected) => {
    expect(layerRuns(strip).map(({ holder, firstLayer, lastLayer }) => [holder, firstLayer, lastLayer])).toEqual(
      expected,
    )
  })

  it('covers the strip without gap or overlap', () => {
    const runs = layerRuns(layers([0, 13], [1, 7], [2, 61]))
    let end = 0
    for (const run of runs) {
      expect(run.start).toBeCloseTo(end, 12)
      end = run.start + run.width
    }
    expect(end).toBeCloseTo(1, 12)
  })
})

describe('describeRun', () => {
  it.each([
    [layers([0, 41], [1, 40]), ['blocks 0–40', 'blocks 41–79 + output']],
    [layers([0, 80], [1, 1]), ['blocks 0–79', 'output']],
    [layers([0, 1], [1, 2]), ['block 0', 'block 1 + output']],
  ])('counts blocks and names the output layer', (strip, expected) => {
    expect(layerRuns(strip).map((run) => describeRun(run, strip.length))).toEqual(expected)
  })
})
