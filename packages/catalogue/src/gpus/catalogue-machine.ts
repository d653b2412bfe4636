import { type Bytes, type Device, fail, type Link, type Machine, type MachineId, ok, type Result } from '@berth/core'
import { deviceFromCatalogue } from './device.ts'
import { chooseGpu } from './find-gpu.ts'
import type { CatalogueGpu } from './row.ts'

/** More than any single computer holds: the largest that run one operating system have 16 to 20. */
export const MAX_CATALOGUE_DEVICES = 32

export interface ChosenGpus {
  /** An id of the catalogue, or a name as the vendor's tool prints it. */
  readonly gpu: string
  /** The total that the tool prints, where one name is sold with several sizes. */
  readonly memoryMib?: number | undefined
  readonly count: number
}

export interface CatalogueMachineParts {
  readonly id: MachineId
  readonly name: string
  /** In the order the engine is to enumerate them. */
  readonly gpus: readonly ChosenGpus[]
  readonly hostMemory?: Bytes | undefined
  readonly cpuName?: string | undefined
  readonly cpuCores?: number | undefined
  /** Class of the path between any two devices, as nvidia-smi names it: NV#, PIX, PXB, PHB, NODE, SYS. */
  readonly link?: string | undefined
}

/** What stands in the way of a machine made of the catalogue; `at` is the place in `gpus`. */
export type CatalogueMachineIssue =
  | { readonly code: 'gpu-not-found'; readonly at: number; readonly candidates: readonly CatalogueGpu[] }
  | { readonly code: 'too-many-devices'; readonly found: number; readonly limit: number }
  | { readonly code: 'host-memory-needed'; readonly at: number; readonly gpu: CatalogueGpu }
  | { readonly code: 'memory-shared-twice'; readonly at: number; readonly gpu: CatalogueGpu }

/**
 * A machine that nobody has measured, made of products: every figure of its devices is the catalogue's and says so.
 */
export function machineFromCatalogue(parts: CatalogueMachineParts): Result<Machine, CatalogueMachineIssue> {
  const found = parts.gpus.reduce((sum, { count }) => sum + count, 0)
  if (found > MAX_CATALOGUE_DEVICES) return fail({ code: 'too-many-devices', found, limit: MAX_CATALOGUE_DEVICES })
  const cards: CatalogueGpu[] = []
  for (const [at, { gpu, memoryMib, count }] of parts.gpus.entries()) {
    const chosen = chooseGpu(gpu, memoryMib)
    if (!chosen.ok) return fail({ code: 'gpu-not-found', at, ...chosen.issue })
    const issue = sharedMemoryIssue(chosen.value, { at, count, before: cards, parts })
    if (issue) return fail(issue)
    cards.push(...Array.from({ length: count }, () => chosen.value))
  }
  return ok(assembled(parts, cards))
}

/** A plan counts the host's memory once, so that one device at most may share it, and it has to be known. */
function sharedMemoryIssue(
  gpu: CatalogueGpu,
  {
    at,
    count,
    before,
    parts: { hostMemory },
  }: {
    readonly at: number
    readonly count: number
    readonly before: readonly CatalogueGpu[]
    readonly parts: CatalogueMachineParts
  },
): CatalogueMachineIssue | undefined {
  if (!gpu.unified) return undefined
  if (hostMemory === undefined) return { code: 'host-memory-needed', at, gpu }
  return count > 1 || before.some(({ unified }) => unified) ? { code: 'memory-shared-twice', at, gpu } : undefined
}

function assembled(parts: CatalogueMachineParts, cards: readonly CatalogueGpu[]): Machine {
  const { id, name, hostMemory, cpuName, cpuCores, link } = parts
  const options = hostMemory === undefined ? {} : { hostMemory }
  const devices = cards.map((gpu, index) => deviceFromCatalogue(gpu, index, id, options))
  return {
    id,
    name,
    ...(cards.some(({ backend }) => backend === 'metal') && { os: 'macos' as const }),
    ...(hostMemory !== undefined && { hostMemoryTotal: hostMemory }),
    ...(cpuName !== undefined && { cpuName }),
    ...(cpuCores !== undefined && { cpuCores }),
    devices,
    links: link === undefined ? [] : linksBetween(devices, link),
  }
}

const linksBetween = (devices: readonly Device[], kind: string): readonly Link[] =>
  devices.flatMap((from, index) => devices.slice(index + 1).map((to) => ({ from: from.id, to: to.id, kind })))

/** One sentence, naming the place in `gpus` and the limit. */
export function explainCatalogueMachineIssue(issue: CatalogueMachineIssue): string {
  switch (issue.code) {
    case 'gpu-not-found': {
      const ids = issue.candidates.map(({ id }) => id).join(', ')
      return issue.candidates.length === 0
        ? 'The catalogue has no such GPU.'
        : `The name and memory do not say which GPU of the catalogue is meant: ${ids}.`
    }
    case 'too-many-devices':
      return `A machine of the catalogue has ${issue.limit} GPUs at most, not ${issue.found}.`
    case 'host-memory-needed':
      return `${issue.gpu.name} shares the machine's memory: say how much there is.`
    case 'memory-shared-twice':
      return `${issue.gpu.name} shares the machine's memory, which one GPU at most can do.`
  }
}
