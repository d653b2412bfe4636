import { contextShape } from '../context/shape.ts'
import { overNetwork } from './network-work.ts'
import type { Pass } from './pass.ts'
import { type Rates, ratesOf } from './pass-seconds.ts'
import { passWork } from './pass-work.ts'
import type { PassWork } from './place-work.ts'
import { devicesOf, runOf, type SpeedInput, type SpeedRun } from './run.ts'
import { sideBySideWork } from './side-by-side.ts'

/** What stays the same for every pass of a placement. */
export interface SpeedWorkplace {
  readonly input: SpeedInput
  readonly run: SpeedRun
  readonly rates: Rates
  /** What a pass asks for, worked out once. */
  readonly work: (pass: Pass) => PassWork
  /** Tokens that one slot may hold, and what is left for each when all are full. */
  readonly slotCapacity: number
  readonly slotShare: number
  readonly slots: number
  readonly ubatch: number
}

export function workplaceOf(input: SpeedInput): SpeedWorkplace {
  const run = runOf(input)
  const { contextPerSequence, contextLength, sequences, ubatchSize } = contextShape(run.model, run.settings)
  const devices = devicesOf(input)
  const sideBySide = run.layout.splitMode === 'tensor'
  return {
    input,
    run,
    rates: ratesOf(devices, input.machine, sideBySide),
    slotCapacity: contextPerSequence,
    slotShare: Math.floor(contextLength / sequences),
    slots: sequences,
    ubatch: Math.min(ubatchSize, contextPerSequence),
    work: remembered((pass) =>
      overNetwork(sideBySide ? sideBySideWork(run, pass) : passWork(run, pass), { run, pass, devices }),
    ),
  }
}

function remembered(workOf: (pass: Pass) => PassWork): (pass: Pass) => PassWork {
  const known = new Map<string, PassWork>()
  return (pass) => {
    const key = Object.values(pass).join(' ')
    const work = known.get(key) ?? workOf(pass)
    known.set(key, work)
    return work
  }
}
