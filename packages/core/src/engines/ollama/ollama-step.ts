import type { DeviceId } from '../../ids.ts'
import type { Bytes } from '../../units.ts'
import type { OwnChoice } from '../engine.ts'
import type { PredictedVram } from './predict-vram.ts'
import type { GpuSelection } from './select-gpus.ts'

/** One decision of Ollama on the way to a placement, with its numbers. */
export type OllamaStep =
  | {
      readonly code: 'default-context'
      readonly totalMemory: Bytes
      /** What this much memory is given. */
      readonly tier: number
      /** Of one slot. */
      readonly numCtx: number
    }
  | { readonly code: 'flash-attention-off'; readonly device: DeviceId }
  | ({ readonly code: 'predicted' } & PredictedVram)
  | ({ readonly code: 'selected'; readonly predicted: Bytes; readonly found: number } & GpuSelection)
  | { readonly code: 'batch'; readonly batch: number }
  | { readonly code: 'host-only' }
  | { readonly code: 'layers-set'; readonly layers: number; readonly layerCount: number }
  | {
      readonly code: 'fitted'
      readonly outcome: OwnChoice['outcome']
      /** What the fit leaves free, a figure a GPU. */
      readonly margins: readonly Bytes[]
      /** On the GPUs, those that lie there in part included. */
      readonly layers: number
      readonly layerCount: number
    }
