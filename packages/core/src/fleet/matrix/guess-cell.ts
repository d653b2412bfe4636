import type { Engine } from '../../engines/engine.ts'
import type { RunSettings } from '../../memory/settings.ts'
import type { DriverShare, FileNeeds } from './file-needs.ts'
import { type RoleBuffers, withoutPipeline } from './role-buffers.ts'
import type { SurveyCell } from './survey.ts'
import type { SurveyedGroup, SurveyedHardware } from './surveyed-hardware.ts'
import { type Chain, widestAlone, widestInChain } from './widest-guess.ts'

export interface Guessing {
  readonly engine: Engine
  readonly settings: RunSettings
  readonly needs: FileNeeds
}

/** What a pair comes to by bounds and estimates; open where they do not tell. */
export type GuessCell = (surveyed: SurveyedHardware) => SurveyCell

/** Tells it of one file, on one hardware after the other. */
export function guessing(about: Guessing): GuessCell {
  if (!isEstimable(about)) return () => ({ verdict: 'open', means: 'estimated' })
  const remembered = { ...about, chains: rememberedChains(about.needs), sharesOf: rememberedShares(about.needs) }
  return (surveyed) => {
    let best: Guess | undefined
    for (const group of surveyed.groups) {
      const guess = onDevices(group, surveyed, remembered)
      if (!best || guess.headroom > best.headroom) best = guess
    }
    const { headroom, tolerance } = best!
    if (headroom >= tolerance.above) return { verdict: 'fits', means: 'estimated', headroom }
    if (headroom >= -tolerance.below) return { verdict: 'open', means: 'estimated', headroom }
    return withHost(surveyed, remembered, best!)
  }
}

interface Remembered extends Guessing {
  readonly chains: (group: SurveyedGroup, chain: Chain, kind: string) => number
  readonly sharesOf: (group: SurveyedGroup) => readonly DriverShare[]
}

/** What equal devices leave differs by their room alone: searched once by their number. */
function rememberedChains(needs: FileNeeds): Remembered['chains'] {
  const known = new Map<string, Map<string, number>>()
  return ({ equal, rooms }, chain, kind) => {
    if (equal === undefined) return widestInChain(needs, chain)
    const ofKind = known.get(kind) ?? new Map<string, number>()
    known.set(kind, ofKind)
    const withoutRoom = ofKind.get(equal) ?? widestInChain(needs, chain) - rooms[0]!
    ofKind.set(equal, withoutRoom)
    return withoutRoom + rooms[0]!
  }
}

/** What the driver takes of each device of a group, once for all groups of such devices. */
function rememberedShares(needs: FileNeeds): Remembered['sharesOf'] {
  const known = new Map<string, readonly DriverShare[]>()
  return ({ drivers, devices }) => {
    const shares = known.get(drivers) ?? devices.map((device) => needs.overheadOn(device))
    known.set(drivers, shares)
    return shares
  }
}

/** Settings under which a device's place in a chain decides its buffers, and the engine puts layers where it is told. */
const isEstimable = ({ engine, settings }: Guessing): boolean =>
  engine.controls.layersPerDevice &&
  !engine.controls.placesItself &&
  settings.offloadKqv &&
  settings.tiedOutputOnHost === undefined &&
  (settings.splitMode === 'layer' || settings.splitMode === 'none')

interface Guess {
  readonly headroom: number
  readonly means: 'cut' | 'estimated'
  /** How near to nothing left the estimate does not tell. */
  readonly tolerance: { readonly above: number; readonly below: number }
}

const SURE = { above: 0, below: 0 } as const

function onDevices(group: SurveyedGroup, { hostFree = Infinity }: SurveyedHardware, about: Remembered): Guess {
  const { needs, settings, engine, chains, sharesOf } = about
  const { rooms, free, unified } = group
  const hostLeft = hostFree - needs.host
  const lacking = Math.min(free - needs.total, hostLeft)
  if (lacking < 0) return { headroom: lacking, means: 'cut', tolerance: SURE }
  const shares = sharesOf(group)
  const alone = needs.buffers('alone')
  const leftOnHost = (buffers: RoleBuffers): number => {
    const left = hostLeft - buffers.host
    return unified ? left - needs.total - buffers.only : left
  }
  const single = Math.min(widestAlone(needs, { rooms, shares }), leftOnHost(alone))
  const mostDevices = settings.splitMode === 'layer' ? engine.deviceLimit : 1
  if (rooms.length === 1 || mostDevices === 1 || needs.layers < 2) {
    return { headroom: single, means: 'estimated', tolerance: SURE }
  }
  const chained = needs.buffers('chained')
  const inChain = (buffers: RoleBuffers, kind: string): number =>
    Math.min(chains(group, { rooms, shares, mostDevices, buffers }, kind), leftOnHost(buffers))
  const headroom = Math.max(single, inChain(chained, 'chained'))
  const tolerance = toleranceOf(group, needs, Math.max(alone.only, chained.middle, chained.last))
  if (headroom >= tolerance.above || !settings.pipelineAllowed || !engine.controls.pipelineOff) {
    return { headroom, means: 'estimated', tolerance }
  }
  // Pipeline parallelism is given up where only that fits.
  const without = inChain(withoutPipeline(alone, chained), 'without pipeline')
  const below = tolerance.below + GUESSED * alone.only
  return { headroom: Math.max(headroom, without), means: 'estimated', tolerance: { ...tolerance, below } }
}

/** Best fit may leave more holes in one share of the blocks than in another. */
const FRAGMENTATION = 0.06
/** What buffers without pipeline parallelism were seen to stay below their guess, as a share of it. */
const GUESSED = 0.35

/**
 * Of equal devices only the buffers are guessed. Over unequal ones another order, or leaving one out, may gain as much as a
 * layer.
 */
function toleranceOf({ equal }: SurveyedGroup, needs: FileNeeds, largest: number): Guess['tolerance'] {
  const buffers = largest * FRAGMENTATION
  return { above: buffers, below: equal ? buffers : buffers + needs.total / needs.layers }
}

/** A share of what the host holds of the model that its compute buffer and rounding may take beyond the estimate. */
const HOST_TOLERANCE = 0.1

/** Blocks that the devices have no room for, on the host. A device computes all the same, and holds the output layer. */
function withHost(surveyed: SurveyedHardware, about: Remembered, best: Guess): SurveyCell {
  const { groups, hostFree } = surveyed
  const { needs, engine, settings, sharesOf } = about
  const open = { verdict: 'open', means: 'estimated' } as const
  if (!engine.controls.blocksOnHost || hostFree === undefined) {
    return { verdict: 'no', means: best.means, headroom: best.headroom }
  }
  const used = groups.reduce((widest, group) => (group.free > widest.free ? group : widest))
  const lacking = Math.min(hostFree, used.free + hostFree - needs.total) - needs.host
  if (lacking < 0) return { verdict: 'no', means: 'cut', headroom: lacking }
  if (used.unified || settings.splitMode !== 'layer') return open
  const { only, host } = needs.buffers('alone')
  const shares = sharesOf(used)
  let [roomiest, onDevices] = [-Infinity, 0]
  used.rooms.forEach((room, at) => {
    const left = room - shares[at]!.withOutput - only
    roomiest = Math.max(roomiest, left)
    onDevices += Math.max(0, left)
  })
  const output = needs.total - needs.sums[needs.layers - 1]!
  if (roomiest < output + only) return open
  const onHost = Math.max(0, needs.total - onDevices)
  const left = hostFree - needs.host - host - onHost
  return left >= HOST_TOLERANCE * onHost + 2 * only ? { verdict: 'host', means: 'estimated' } : open
}
