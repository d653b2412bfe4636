import type { Backend } from '@berth/core'

const makers: readonly (readonly [Backend, RegExp])[] = [
  ['cuda', /\b(?:NVIDIA|GeForce|Quadro|Tesla|RTX|GTX|[ABHLTVPK]\d{1,3}[SXGL]?(?:-\w+)?|GB?[HB]?[123]00)\b/i],
  ['rocm', /\b(?:Radeon|Instinct|MI\d{2,3}[AX]?|FirePro)\b/i],
  ['sycl', /\b(?:Arc|Data Center GPU|Intel.{0,24}\b(?:Flex|Max|GPU))\b/i],
]

/** Which backend would drive a card of this name in a stock list, which has other parts too; undefined when it is none. */
export const backendOfName = (name: string): Backend | undefined => makers.find(([, words]) => words.test(name))?.[0]

/** NVIDIA's processors with a GPU of their own: nvidia-smi prints no memory of theirs, because it is the host's. */
export const isIntegrated = (name: string): boolean =>
  /^(?:NVIDIA )?(?:GB10|Thor|Orin|Xavier|Tegra X\d)(?: \(nvgpu\))?$/i.test(name)

/** Intel's graphics on the die are always device 2 of bus 0; its cards never are. */
export const isIntelOnDie = (name: string | undefined, bus: string | undefined): boolean =>
  bus === '00000000:00:02.0' || /\b(?:UHD|HD|Iris)\b/.test(name ?? '')
