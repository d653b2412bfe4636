import type { Machine } from '../machine/machine.ts'
import { bytes, formatBytes, groupThousands, MIB } from '../units.ts'
import { type AloneComparison, compareWithAlone, type Holding } from './compare-alone.ts'
import type { EngineAlone } from './engine-alone.ts'
import { placeName } from './explain.ts'
import type { Placement, Reason } from './verdict.ts'

/** What the engine left alone would do, beside what a plan does: one sentence with what differs. */
export function explainAlone(choice: EngineAlone, plan: Placement, machine: Machine): string {
  const compared = compareWithAlone(plan, choice)
  const [reason] = choice.reasons
  if (reason) {
    const left = formatBytes(compared.plan.free)
    return `${plan.engine} left alone would ${failure(reason, machine)}; this plan leaves ${left} on the fullest GPU.`
  }
  const differs = differences(compared)
  if (differs.length > 0) {
    const said = (holding: Holding): string => differs.map((one) => one(holding, compared)).join(' and ')
    const alone = `${plan.engine} left alone would hold ${said(compared.alone)}${belowMargin(compared)}`
    return `${alone}; this plan holds ${said(compared.plan)}.`
  }
  const { free } = compared.alone
  if (Math.abs(free - compared.plan.free) < MIB) return `${plan.engine} left alone would leave as much free.`
  return `${plan.engine} left alone would leave ${formatBytes(free)} on the fullest GPU; this plan leaves ${formatBytes(compared.plan.free)}.`
}

/** The engine's own fit counts less than what a run comes to take, so it may hold more and leave less than it means to. */
const belowMargin = ({ alone: { free, margin } }: AloneComparison): string =>
  free < margin ? `, leaving ${formatBytes(free)} of a margin of ${formatBytes(margin)}` : ''

function failure(reason: Reason, machine: Machine): string {
  if (reason.code !== 'insufficient-memory' && reason.code !== 'insufficient-memory-at-first-prompt') {
    return 'not start'
  }
  const { place, requested, used, capacity } = reason
  const when =
    reason.code === 'insufficient-memory' ? 'run out of memory' : 'load and run out of memory at the first prompt'
  return `${when}, ${formatBytes(bytes(requested + used - capacity))} short on ${placeName(place, machine)}`
}

type Said = (holding: Holding, compared: AloneComparison) => string

const layers: Said = ({ layersOnDevices, layersInPart }, { layerCount }) => {
  const parts = layersInPart > 0 ? `, ${layersInPart} of them in part,` : ''
  return `${layersOnDevices} of ${layerCount} layers${parts} on the GPUs`
}

const context: Said = ({ contextLength }) => `a context of ${groupThousands(contextLength)}`

/** What the two do not have in common. */
function differences({ alone, plan }: AloneComparison): readonly Said[] {
  const sameLayers = alone.layersOnDevices === plan.layersOnDevices && alone.layersInPart === plan.layersInPart
  const sameContext = alone.contextLength === plan.contextLength
  return [...(sameLayers ? [] : [layers]), ...(sameContext ? [] : [context])]
}
