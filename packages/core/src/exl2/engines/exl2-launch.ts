import type { LaunchInput } from '../../engines/engine.ts'
import type { Launch } from '../../engines/launch.ts'
import { usedDevices, visibleDevices } from '../../engines/visible-devices.ts'
import type { Exl2Told } from '../plan/run.ts'
import { folderPath } from './model-folder.ts'

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

/**
 * examples/chat.py, which both versions of ExLlama have, with the options that they share and a version's own.
 * `-mode raw` formats nothing, so that it starts with any model.
 */
export const launchChat = (input: LaunchInput, ofVersion: readonly string[]): Launch => ({
  environment: exl2Environment(input),
  program: 'python',
  arguments: [
    'examples/chat.py',
    ...['-m', folderPath(input.source)],
    ...['-mode', 'raw'],
    ...['-gs', splitArgument(toldOf(input))],
    ...ofVersion,
  ],
  files: [],
  afterwards: [],
})

/** `-gs` of both engines' model_init.py. */
const splitArgument = ({ split }: Exl2Told): string => (split.kind === 'auto' ? 'auto' : split.gigabytes.join(','))
