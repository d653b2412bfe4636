import type { GgmlType } from '../header/ggml-type.ts'
import type { Model } from '../model/model.ts'
import type { EngineId, Reason } from '../placement/verdict.ts'
import { architecturesOf } from './architecture-builds.ts'
import type { Engine } from './engine.ts'
import { type GgufLimits, ggufRefusals } from './llama-cpp-refusals.ts'

/** The build from which on llama.cpp reads a type of tensor, each read from the date of its pull request; the others are older. */
const typeBuilds: { readonly [Type in GgmlType]?: number } = {
  tq1_0: 3675,
  tq2_0: 3675,
  mxfp4: 6096,
  nvfp4: 8300,
  q1_0: 8700,
  q2_0: 10_015,
}

/** What an engine refuses that carries the llama.cpp of a build: what came later, and what `ggufRefusals` finds. */
export function olderBuildRefusals(build: number, limits: Omit<GgufLimits, 'architectures'>): Engine['refusals'] {
  const byLimits = ggufRefusals({ ...limits, architectures: architecturesOf(build) })
  return (model, machine, request) => [...byLimits(model, machine, request), ...laterTypes(model, build, limits.engine)]
}

const laterTypes = ({ tensors }: Model, build: number, engine: EngineId): readonly Reason[] =>
  [...new Set([...tensors.values()].map(({ type }) => type))]
    .filter((type) => (typeBuilds[type] ?? 0) > build)
    .map((type) => ({ code: 'format-not-readable', format: `GGUF (${type})`, engine }))
