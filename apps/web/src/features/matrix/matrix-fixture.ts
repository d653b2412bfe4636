import { gibibytes, machineId, modelId, type SurveyVerdict } from '@berth/core'
import { type Survey, surveyOf } from './survey.ts'

/** A cell as tests write it: a verdict, and GiB to spare. */
type Pair = readonly [SurveyVerdict, number | null]

const file = (key: string, modelName: string, mix: string, size: number) => ({
  ref: { kind: 'stored', id: modelId(key) } as const,
  name: `${modelName} ${mix}`,
  modelName,
  mix,
  weightBytes: gibibytes(size),
  parameterCount: 1e9 * size,
  architecture: 'llama',
})

const hardware = (names: readonly string[], total: number, free: number) => ({
  machines: names.map((name) => ({ id: machineId(`id-${name}`), name })),
  devices: Array.from({ length: total / 24 }, () => ({ name: 'NVIDIA GeForce RTX 3090', memoryTotal: gibibytes(24) })),
  memoryTotal: gibibytes(total),
  memoryFree: gibibytes(free),
})

const letters = { fits: 'f', host: 'h', no: 'n', refused: 'r', open: 'o' } as const satisfies Record<
  SurveyVerdict,
  string
>

const row = (...pairs: readonly Pair[]) => ({
  verdicts: pairs.map(([verdict]) => letters[verdict]).join(''),
  means: 'e'.repeat(pairs.length),
  headroom: pairs.map(([, spare]) => (spare === null ? null : gibibytes(spare))),
})

/** Three files of two models on three hardwares, one of which two machines have. */
export const surveyFixture: Survey = surveyOf({
  files: [file('a-q4', 'Big', 'Q4_K_M', 40), file('a-q8', 'Big', 'Q8_0', 70), file('b-q4', 'Alone', 'Q4_K_M', 5)],
  hardware: [hardware(['lab-10'], 48, 47), hardware(['lab-2', 'lab-3'], 96, 20), hardware(['lab-1'], 24, 24)],
  cells: [
    row(['fits', 1.1], ['fits', 9], ['no', -18]),
    row(['host', 3], ['open', 0.1], ['no', -48]),
    row(['fits', 18], ['fits', 17], ['refused', null]),
  ],
  leftOut: 0,
})
