import type { Backend, Device } from '../../machine/machine.ts'

/** `llamafile_gpu_parse`; what it has no word for, it has no build of. */
const words = {
  cuda: 'nvidia',
  rocm: 'amd',
  metal: 'apple',
  vulkan: 'vulkan',
  sycl: undefined,
  rpc: undefined,
} as const satisfies Record<Backend, string | undefined>

/** `--gpu` says which backend is loaded; left out, the first that is found would be, and none where no layer is offloaded. */
export function gpuArguments([first]: readonly Device[]): readonly string[] {
  const word = first ? words[first.backend] : 'disable'
  if (word === undefined) throw new Error(`llamafile has no backend for ${first!.name}`)
  return ['--gpu', word]
}
