import { TOLD_EVERYTHING } from './controls.ts'
import type { Engine } from './engine.ts'
import { koboldCppApril2024 } from './koboldcpp-april-2024.ts'
import { chooseByAutofit, estimateFor } from './koboldcpp-choice.ts'
import { explainAutofit } from './koboldcpp-explain.ts'
import { launchKoboldCpp } from './koboldcpp-launch.ts'
import { cachePairs, refusals } from './koboldcpp-refusals.ts'
import { settings } from './koboldcpp-settings.ts'

/** `tensor_split_max`, which is also `llama_max_devices`: the list goes to llama.cpp without being parsed by it. */
const DEVICE_LIMIT = 16

export const koboldCpp: Engine = {
  id: 'koboldcpp',
  name: 'KoboldCpp',
  version: '1.113.2',
  earlier: [koboldCppApril2024],
  verifiedAgainst: 'KoboldCpp 1.113.2 (koboldcpp.py, gpttype_adapter.cpp), llama.cpp of May 2026',
  controls: TOLD_EVERYTHING,
  backends: ['cuda', 'rocm', 'vulkan', 'metal'],
  deviceLimit: DEVICE_LIMIT,
  slotLimit: 1,
  refusals,
  settings,
  cachePairs,
  choose: chooseByAutofit,
  account: (run) => explainAutofit(chooseByAutofit(run), estimateFor(run)),
  launch: launchKoboldCpp,
  isService: true,
}
