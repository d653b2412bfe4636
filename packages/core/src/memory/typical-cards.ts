/**
 * NVIDIA's compute capabilities with cards that people have: enough to bound what the driver and its pools take before a
 * machine is chosen (developer.nvidia.com/cuda-gpus).
 */
export const typicalCards = [
  { capability: '6.0', cards: 'Tesla P100' },
  { capability: '6.1', cards: 'GTX 10, Tesla P40' },
  { capability: '7.0', cards: 'Tesla V100' },
  { capability: '7.5', cards: 'RTX 20, Tesla T4' },
  { capability: '8.0', cards: 'A100, A30' },
  { capability: '8.6', cards: 'RTX 30, RTX A6000, A40' },
  { capability: '8.9', cards: 'RTX 40, L4, L40S' },
  { capability: '9.0', cards: 'H100, H200' },
  { capability: '10.0', cards: 'B200' },
  { capability: '12.0', cards: 'RTX 50, RTX PRO 6000' },
] as const

export type TypicalCapability = (typeof typicalCards)[number]['capability']
