import type { Device } from '../machine/machine.ts'
import { HOST, type PlaceIndex } from '../memory/run-memory.ts'
import type { Model } from '../model/model.ts'
import type { Pass } from './pass.ts'
import { addHop, type PassWork, residualBytes } from './place-work.ts'
import { headPlace } from './placed-weights.ts'
import type { SpeedRun } from './run.ts'

/** In F32. */
export const logitBytes = ({ vocabSize }: Model, { outputs }: Pick<Pass, 'outputs'>): number => vocabSize * 4 * outputs

interface On {
  readonly run: SpeedRun
  readonly pass: Pass
  /** In the order of the run. */
  readonly devices: readonly Device[]
}

/** A pass with what crosses the network at its two ends. On a device of this host both are lost in its launches. */
export function overNetwork(work: PassWork, { run, pass, devices }: On): PassWork {
  if (!devices.some(({ backend }) => backend === 'rpc')) return work
  const isRemote = (place: PlaceIndex): boolean => place !== HOST && devices[place]?.backend === 'rpc'
  const hops = work.hops.map((hop) => ({ ...hop }))
  const [first, head] = [run.layout.layers[0]!, headPlace(run.weights, run.layout, run.model)]
  if (isRemote(first)) addHop(hops, HOST, first, residualBytes(run.model, pass))
  if (isRemote(head)) addHop(hops, head, HOST, logitBytes(run.model, pass))
  return { ...work, hops }
}
