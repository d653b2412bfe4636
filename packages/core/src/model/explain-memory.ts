import { contextShape } from '../context/shape.ts'
import type { Engine } from '../engines/engine.ts'
import { machineId } from '../ids.ts'
import type { Machine } from '../machine/machine.ts'
import { estimateMemory } from '../memory/estimate.ts'
import { type FigurePart, figureSources } from '../memory/explain.ts'
import { explainBuffers } from '../memory/explain-buffers.ts'
import { loadedModel } from '../memory/loaded-model.ts'
import { overhead } from '../memory/overhead.ts'
import type { Run } from '../memory/run.ts'
import { leastCertain, type RunMemory } from '../memory/run-memory.ts'
import type { RunRequest, RunSettings } from '../memory/settings.ts'
import type { TypicalCapability } from '../memory/typical-cards.ts'
import { explainReason } from '../placement/explain.ts'
import { fail, ok, type Result } from '../result.ts'
import { type Bytes, bytes, sumBytes } from '../units.ts'
import { type ContextCurve, contextCurves } from './context-curve.ts'
import { contextFigures, perTokenFigure } from './explain-context.ts'
import { overheadFigures } from './explain-overhead.ts'
import { weightFigures, weightsFormula } from './explain-weights.ts'
import type { FigureGroup, ModelFigure, PlacesCertainty } from './figure.ts'
import type { Model } from './model.ts'

export interface ModelMemoryInput {
  readonly model: Model
  readonly engine: Engine
  readonly request: RunRequest
  /** Compute capability of the one NVIDIA card that holds every layer. */
  readonly capability: TypicalCapability
}

/** What a model takes before a machine is chosen: every layer on one device of its own, figure by figure. */
export interface ModelMemory {
  readonly groups: readonly FigureGroup[]
  readonly perToken: ModelFigure
  readonly curves: readonly ContextCurve[]
  readonly settings: RunSettings
  /** `auto` resolved. */
  readonly flashAttention: boolean
  readonly total: {
    /** Once loaded, and once the first prompt has made the driver's pools grow. */
    readonly deviceAtLoad: Bytes
    readonly device: Bytes
    readonly host: Bytes
    readonly certainty: PlacesCertainty
  }
}

/** The figures of a model and how each comes about; or why the engine refuses the request, a sentence a reason. */
export function explainModelMemory(input: ModelMemoryInput): Result<ModelMemory, readonly string[]> {
  const { engine, request, capability } = input
  const reasons = engine.refusals(input.model, NO_MACHINE, request)
  if (reasons.length > 0) return fail(reasons.map((reason) => explainReason(reason, NO_MACHINE)))
  const settings = engine.settings(request, input.model)
  const model = loadedModel(input.model, settings)
  const run = onOneDevice(model, settings)
  const memory = estimateMemory(run)
  const { flashAttention } = memory
  const device = { backend: 'cuda', architecture: capability } as const
  const beside = overhead({ device, model, settings, flashAttention, holdsOutput: true })
  const groups = [
    { ...groupOf('model', weightFigures(model)), formula: weightsFormula(model, memory.host.mapped) },
    groupOf('context', contextFigures(run)),
    groupOf('compute', computeFigures(run, memory)),
    groupOf('overhead', overheadFigures(run, memory, { ...beside, capability })),
  ]
  const total = sumBytes(groups.map((group) => group.device))
  return ok({
    groups,
    perToken: perTokenFigure(run),
    curves: contextCurves({ run, engine, request, machine: NO_MACHINE }),
    settings,
    flashAttention,
    total: {
      deviceAtLoad: bytes(total - beside.atFirstPrompt),
      device: total,
      host: sumBytes(groups.map((group) => group.host)),
      certainty: {
        device: leastCertain(groups.map(({ certainty }) => certainty.device)),
        host: leastCertain(groups.map(({ certainty }) => certainty.host)),
      },
    },
  })
}

/** What a refusal is judged against before a machine is chosen. */
const NO_MACHINE: Machine = { id: machineId('none'), name: 'no machine', devices: [], links: [] }

/** Every layer on one device, as `judge` asks for it when one device is all there is. */
const onOneDevice = (model: Model, settings: RunSettings): Run => ({
  model,
  settings: { ...settings, splitMode: 'none' },
  layout: {
    splitMode: 'none',
    deviceCount: 1,
    layers: Array.from({ length: model.blockCount + 1 }, () => 0),
    overrides: [],
  },
})

const groupOf = (part: FigurePart, figures: readonly ModelFigure[]): FigureGroup => ({
  part,
  device: sumBytes(figures.map(({ device }) => device)),
  host: sumBytes(figures.map(({ host }) => host)),
  certainty: {
    device: leastCertain(figures.filter(({ device }) => device > 0).map(({ certainty }) => certainty)),
    host: leastCertain(figures.filter(({ host }) => host > 0).map(({ certainty }) => certainty)),
  },
  figures,
})

const nothing = bytes(0)

function computeFigures(run: Run, { devices, host, flashAttention, certainty }: RunMemory): readonly ModelFigure[] {
  const shape = contextShape(run.model, run.settings)
  const [onDevice, onHost] = explainBuffers(run, shape, { flashAttention, pipelineParallel: false })
  const shared = { certainty: certainty.compute, source: figureSources.compute }
  return [
    {
      id: 'compute-device',
      label: 'Compute buffer of the GPU',
      device: devices[0]!.compute,
      host: nothing,
      lines: onDevice!,
      ...shared,
    },
    {
      id: 'compute-host',
      label: 'Compute buffer of the host',
      device: nothing,
      host: host.compute,
      lines: onHost!,
      ...shared,
    },
  ]
}
