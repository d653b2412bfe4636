import type { Engine } from '../../engines/engine.ts'
import type { RunSettings } from '../../memory/settings.ts'
import type { FileNeeds } from './file-needs.ts'
import type { RoleBuffers, Standing } from './role-buffers.ts'
import type { SurveyCell } from './survey.ts'
import type { SurveyedGroup, SurveyedHardware } from './surveyed-hardware.ts'
import { type Chain, type SurveyedDevice, widestAlone, widestInChain } from './widest-guess.ts'

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
  const chains = rememberedChains(about.needs)
  return (surveyed) => {
    const guesses = surveyed.groups.map((group) => onDevices(group, surveyed, { ...about, chains }))
    const best = guesses.reduce((left, right) => (right.headroom > left.headroom ? right : left))
    const { headroom, tolerance } = best
    if (headroom >= tolerance.above) return { verdict: 'fits', means: 'estimated', headroom }
    if (headroom >= -tolerance.below) return { verdict: 'open', means: 'estimated', headroom }
    return withHost(surveyed, about, best)
  }
}

/** What equal devices leave differs by their room alone: searched once by their number. */
function rememberedChains(needs: FileNeeds): (group: SurveyedGroup, chain: Chain, standing: Standing) => number {
  const known = new Map<string, number>()
  return ({ equal, rooms }, chain, standing) => {
    if (equal === undefined) return widestInChain(needs, chain)
    const key = `${equal} ${standing}`
    const withoutRoom = known.get(key) ?? widestInChain(needs, chain) - rooms[0]!
    known.set(key, withoutRoom)
    return withoutRoom + rooms[0]!
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

interface OnDevices extends Guessing {
  readonly chains: ReturnType<typeof rememberedChains>
}

const SURE = { above: 0, below: 0 } as const

function onDevices(group: SurveyedGroup, { hostFree = Infinity }: SurveyedHardware, about: OnDevices): Guess {
  const { needs, settings, engine, chains } = about
  const { rooms, free, unified } = group
  const hostLeft = hostFree - needs.host
  const lacking = Math.min(free - needs.total, hostLeft)
  if (lacking < 0) return { headroom: lacking, means: 'cut', tolerance: SURE }
  const devices = group.devices.map((device, at): SurveyedDevice => ({ room: rooms[at]!, ...needs.overheadOn(device) }))
  const alone = needs.buffers('alone')
  const leftOnHost = (buffers: RoleBuffers): number => {
    const left = hostLeft - buffers.host
    return unified ? left - needs.total - buffers.only : left
  }
  const single = Math.min(widestAlone(needs, devices), leftOnHost(alone))
  const mostDevices = settings.splitMode === 'layer' ? engine.deviceLimit : 1
  if (devices.length === 1 || mostDevices === 1 || needs.layers < 2) {
    return { headroom: single, means: 'estimated', tolerance: SURE }
  }
  const tolerance = toleranceOf(group, about, alone)
  const inChain = (standing: Standing): number => {
    const buffers = needs.buffers(standing)
    return Math.min(chains(group, { devices, mostDevices, buffers }, standing), leftOnHost(buffers))
  }
  const headroom = Math.max(single, inChain(settings.pipelineAllowed ? 'pipelined' : 'plain'))
  // Pipeline parallelism is given up where only that fits.
  const mayDoWithout = headroom < tolerance.above && settings.pipelineAllowed && engine.controls.pipelineOff
  return {
    headroom: mayDoWithout ? Math.max(headroom, inChain('plain')) : headroom,
    means: 'estimated',
    tolerance,
  }
}

/** Best fit may leave more holes in one share of the blocks than in another. */
const FRAGMENTATION = 0.06

/**
 * Of equal devices only the buffers are guessed. Over unequal ones another order, or leaving one out, may gain as much as a
 * layer.
 */
function toleranceOf(
  { equal }: SurveyedGroup,
  { needs, settings }: Guessing,
  { only }: RoleBuffers,
): Guess['tolerance'] {
  const { middle, last } = needs.buffers(settings.pipelineAllowed ? 'pipelined' : 'plain')
  const buffers = Math.max(only, middle, last) * FRAGMENTATION
  return { above: buffers, below: equal ? buffers : buffers + needs.total / needs.layers }
}

/** A share of what the host holds of the model that its compute buffer and rounding may take beyond the estimate. */
const HOST_TOLERANCE = 0.1

/** Blocks that the devices have no room for, on the host. A device computes all the same, and holds the output layer. */
function withHost(surveyed: SurveyedHardware, { needs, engine, settings }: Guessing, best: Guess): SurveyCell {
  const { groups, hostFree } = surveyed
  const open = { verdict: 'open', means: 'estimated' } as const
  if (!engine.controls.blocksOnHost || hostFree === undefined) {
    return { verdict: 'no', means: best.means, headroom: best.headroom }
  }
  const free = Math.max(...groups.map((group) => group.free))
  const lacking = Math.min(hostFree, free + hostFree - needs.total) - needs.host
  if (lacking < 0) return { verdict: 'no', means: 'cut', headroom: lacking }
  const used = groups.find((group) => group.free === free)!
  if (used.unified || settings.splitMode !== 'layer') return open
  const { only, host } = needs.buffers('alone')
  const rooms = used.devices.map((device, at) => used.rooms[at]! - needs.overheadOn(device).withOutput - only)
  const output = needs.total - needs.sums[needs.layers - 1]!
  if (Math.max(...rooms) < output + only) return open
  const onHost = Math.max(0, needs.total - rooms.reduce<number>((sum, room) => sum + Math.max(0, room), 0))
  const left = hostFree - needs.host - host - onHost
  return left >= HOST_TOLERANCE * onHost + 2 * only ? { verdict: 'host', means: 'estimated' } : open
}
