import type { LaunchInput } from '../../engines/engine.ts'
import type { Launch } from '../../engines/launch.ts'
import { usedDevices, visibleDevices } from '../../engines/visible-devices.ts'
import type { Exl2Told } from '../plan/run.ts'

/** What the plan decided of ExLlama. Throws where a GGUF placement is launched, which is a bug of the caller. */
export function toldOf({ placement }: LaunchInput): Exl2Told {
  if (!placement.exl2) throw new Error(`the placement of ${placement.model} is none of an ExLlama engine`)
  return placement.exl2
}

/** The devices of the plan and no others, and PyTorch's own allocator, which is the one that is planned for. */
export const exl2Environment = ({ placement, machine }: LaunchInput): Launch['environment'] => [
  ...visibleDevices(usedDevices(placement, machine)),
  { name: 'PYTORCH_CUDA_ALLOC_CONF', value: 'backend:native' },
]

/** `-gs` of both engines' model_init.py. */
export const splitArgument = ({ split }: Exl2Told): string =>
  split.kind === 'auto' ? 'auto' : split.gigabytes.join(',')
