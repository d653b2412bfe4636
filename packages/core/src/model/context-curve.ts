import { contextTotals } from '../context/cache-tensors.ts'
import { contextShape } from '../context/shape.ts'
import type { Engine } from '../engines/engine.ts'
import type { Machine } from '../machine/machine.ts'
import type { Run } from '../memory/run.ts'
import type { CacheType, RunRequest } from '../memory/settings.ts'
import { type Bytes, bytes, type Tokens, tokens } from '../units.ts'

/** What the context takes at growing lengths, its keys and values in one type. */
export interface ContextCurve {
  readonly cacheType: CacheType
  readonly points: readonly { readonly contextLength: Tokens; readonly bytes: Bytes }[]
}

/** The types that most people choose between. */
const compared: readonly CacheType[] = ['f16', 'q8_0', 'q4_0']

/** Doublings begin here; for models trained for no more, at the least that llama.cpp allocates. */
const FIRST = 4096
const LEAST = 256

export interface CurveInput {
  readonly run: Run
  readonly engine: Engine
  readonly request: RunRequest
  readonly machine: Machine
}

/**
 * A curve for every type of cache that the engine does not refuse, up to the trained length. None where no length and no
 * type makes a difference, as with recurrent states alone. As sure as the context's own figure.
 */
export function contextCurves({ run, engine, request, machine }: CurveInput): readonly ContextCurve[] {
  const { model, layout } = run
  const lengths = doublingsTo(model.contextLengthTrained)
  const curves = compared.flatMap((cacheType) => {
    const asked = { ...request, cacheTypeK: cacheType, cacheTypeV: cacheType }
    if (engine.refusals(model, machine, asked).length > 0) return []
    const points = lengths.map((contextLength) => {
      const settings = { ...run.settings, ...asked, contextLength, splitMode: run.settings.splitMode }
      const totals = contextTotals(model, settings, contextShape(model, settings), layout)
      return { contextLength, bytes: bytes(totals.devices[0]!) }
    })
    return [{ cacheType, points }]
  })
  const sizes = new Set(curves.flatMap(({ points }) => points.map((point) => point.bytes)))
  return sizes.size > 1 ? curves : []
}

/** Doublings below the trained length, and that length itself. */
function doublingsTo(trained: Tokens): readonly Tokens[] {
  const lengths: Tokens[] = []
  for (let length = trained > FIRST ? FIRST : LEAST; length < trained; length *= 2) lengths.push(tokens(length))
  return [...lengths, trained]
}
