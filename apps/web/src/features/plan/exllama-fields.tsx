'use client'

import { isExl2Engine } from '@berth/core'
import { doublingScale } from '@berth/ui/slider-scale'
import { SliderField } from '@berth/ui/slider-field'
import { engineNamed } from './engine-choice.ts'
import { inputLimits, type PlanInputs } from './plan-inputs.ts'
import { Choice } from './usage-fields.tsx'

const chunks = doublingScale(256, 8192, 256)

interface ExllamaFieldsProps {
  readonly inputs: PlanInputs
  readonly onChange: (change: Partial<PlanInputs>) => void
}

/** How many tokens of a prompt are read at once, which stands in for the ubatch of other engines. */
export function ChunkSlider({ inputs, onChange }: ExllamaFieldsProps) {
  return (
    <SliderField
      label="Chunk"
      tip="-chunk, chunk_size: tokens of a prompt that are read in one pass. It sets the size of the buffers."
      unit="tokens"
      value={inputs.chunk}
      onChange={(chunk) => onChange({ chunk })}
      scale={chunks}
      {...inputLimits.chunkSize}
    />
  )
}

export function CacheModeChoice({ inputs, onChange }: ExllamaFieldsProps) {
  const engine = engineNamed(inputs.engine)
  const modes = isExl2Engine(engine) ? engine.cacheModes : []
  return (
    <Choice
      label="Cache"
      tip="-cq4, cache_mode: how keys and values are kept. FP16 takes most, Q4 least."
      options={modes.map((mode) => ({ value: mode, label: mode }))}
      value={inputs.cache}
      onChange={(value) => onChange({ cache: modes.find((mode) => mode === value) ?? inputs.cache })}
    />
  )
}
