'use client'

import { CELL_GRANULARITY, cacheTypes, flashAttentionModes, groupThousands } from '@berth/core'
import { Field } from '@berth/ui/field'
import { Select, type SelectOption } from '@berth/ui/select'
import { doublingScale, linearScale } from '@berth/ui/slider-scale'
import { SliderField } from '@berth/ui/slider-field'
import { useMemo } from 'react'
import { inputLimits, type UsageInputs } from './plan-inputs.ts'

const slots = linearScale(1, 32, 1)
const ubatches = doublingScale(32, 8192, 32)

/** Where the model does not say what it was trained for. */
const FALLBACK_TRAINED = 131_072

const cacheOptions: readonly SelectOption[] = cacheTypes.map((type) => ({ value: type, label: type }))
const unifiedOptions: readonly SelectOption[] = [
  { value: 'false', label: 'own per slot' },
  { value: 'true', label: 'shared (unified)' },
]
const flashOptions: readonly SelectOption[] = flashAttentionModes.map((mode) => ({ value: mode, label: mode }))

export interface UsageFieldsProps {
  readonly inputs: UsageInputs
  readonly onChange: (change: Partial<UsageInputs>) => void
}

/** Context, slots and ubatch: the numbers that decide how much a use needs. */
export function UsageSliders({
  inputs,
  onChange,
  trainedContext,
  ubatch = true,
}: UsageFieldsProps & {
  readonly trainedContext: number | undefined
  /** False for engines that have none. */
  readonly ubatch?: boolean
}) {
  const longest = (trainedContext || FALLBACK_TRAINED) * (inputs.kvu ? 1 : Math.max(1, inputs.np))
  const contexts = useMemo(() => doublingScale(CELL_GRANULARITY, longest, CELL_GRANULARITY), [longest])
  return (
    <>
      <SliderField
        label="Context"
        tip="-c: tokens of all slots together. More context needs more memory, never less."
        unit="tokens"
        value={inputs.ctx}
        onChange={(ctx) => onChange({ ctx })}
        scale={contexts}
        {...inputLimits.contextLength}
        hint={contextHint(inputs, trainedContext)}
      />
      <SliderField
        label="Slots"
        tip="-np: requests served at the same time."
        value={inputs.np}
        onChange={(np) => onChange({ np })}
        scale={slots}
        {...inputLimits.parallel}
      />
      {ubatch && (
        <SliderField
          label="ubatch"
          tip="-ub: tokens computed in one step while a prompt is read. It sets the size of the compute buffers."
          unit="tokens"
          value={inputs.ub}
          onChange={(ub) => onChange({ ub })}
          scale={ubatches}
          {...inputLimits.ubatchSize}
        />
      )}
    </>
  )
}

/** Types of the cache, flash attention, and whether slots share: the choices among a few words. */
export function UsageChoices({
  inputs,
  onChange,
  cacheTypes: hasTypes = true,
}: UsageFieldsProps & {
  /** False for engines whose caches are none of ggml's. */
  readonly cacheTypes?: boolean
}) {
  return (
    <>
      {hasTypes && (
        <>
          <Choice
            label="K cache"
            tip="-ctk: type of the keys in the KV cache."
            options={cacheOptions}
            value={inputs.ctk}
            onChange={(value) => onChange({ ctk: cacheTypes.find((type) => type === value) ?? inputs.ctk })}
          />
          <Choice
            label="V cache"
            tip="-ctv: type of the values. A quantized one needs flash attention."
            options={cacheOptions}
            value={inputs.ctv}
            onChange={(value) => onChange({ ctv: cacheTypes.find((type) => type === value) ?? inputs.ctv })}
          />
        </>
      )}
      <Choice
        label="Flash attention"
        tip="-fa: auto turns it on wherever every GPU has the kernel."
        options={flashOptions}
        value={inputs.fa}
        onChange={(value) => onChange({ fa: flashAttentionModes.find((mode) => mode === value) ?? inputs.fa })}
      />
      <Choice
        label="KV cache"
        tip="-kvu: one cache shared by all slots, or an equal part for each."
        options={unifiedOptions}
        value={String(inputs.kvu)}
        onChange={(value) => onChange({ kvu: value === 'true' })}
      />
    </>
  )
}

function contextHint({ ctx, np, kvu }: UsageInputs, trained: number | undefined): string {
  const each = np > 1 && !kvu ? `${groupThousands(Math.floor(ctx / np))} per slot. ` : ''
  return `${each}${trained ? `Trained for ${groupThousands(trained)}.` : ''}`
}

export function Choice({
  label,
  tip,
  options,
  value,
  onChange,
}: {
  readonly label: string
  readonly tip: string
  readonly options: readonly SelectOption[]
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  return (
    <Field label={label} tip={tip}>
      {(control) => (
        <Select {...control} options={options} value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  )
}
