import { isMix, type Remedy } from '@berth/core'
import type { PlanInputs } from './plan-inputs.ts'

/**
 * The change of the inputs that a remedy stands for. Undefined for a remedy that moves parts to host memory: that is
 * another placement of the same request, which is shown instead.
 */
export function changeOf(remedy: Remedy): Partial<PlanInputs> | undefined {
  switch (remedy.code) {
    case 'reduce-context':
      return { ctx: remedy.contextLength, show: 0 }
    case 'quantize-cache':
      return { ctk: remedy.cacheType, ctv: remedy.cacheType, show: 0 }
    case 'exl2-cache':
      return { cache: remedy.cacheMode, show: 0 }
    case 'reduce-chunk':
      return { chunk: remedy.batchSize, show: 0 }
    case 'reduce-ubatch':
      return { ub: remedy.ubatchSize, show: 0 }
    case 'reduce-parallel':
      return { np: remedy.parallel, show: 0 }
    case 'flash-attention':
      return { fa: 'auto', show: 0 }
    case 'experts-on-host':
    case 'blocks-on-host':
    case 'cache-on-host':
      return undefined
    case 'smaller-file':
      return isMix(remedy.name) ? { mix: remedy.name, show: 0 } : undefined
  }
}
