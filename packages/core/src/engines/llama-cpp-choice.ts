import type { Run } from '../memory/run.ts'
import type { OpenRun, OwnChoice } from './engine.ts'
import { fitParameters, layoutByFlags } from './llama-cpp-fit/fit.ts'

/**
 * `llama-server` with neither `-ngl` nor `-ts`: its fit (`--fit`, on by default) keeps 1024 MiB of every device free, and
 * the layers then go where its flags, or without them the free memory, say. It has nothing to say of split mode tensor.
 */
export function chooseByFit({ model, settings, devices }: OpenRun): OwnChoice | undefined {
  if (settings.splitMode === 'tensor') return undefined
  // Split mode none runs on the main GPU, which is the first.
  const visible = settings.splitMode === 'none' ? devices.slice(0, 1) : devices
  const { splitMode } = settings
  const run: Run = { model, settings, layout: { splitMode, deviceCount: visible.length, layers: [], overrides: [] } }
  const { outcome, contextLength, ...flags } = fitParameters(run, visible)
  return { outcome, settings: { ...settings, contextLength }, layout: layoutByFlags(run, visible, flags) }
}
