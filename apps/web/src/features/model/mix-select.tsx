'use client'

import { Select } from '@berth/ui/select'
import { useRouter } from 'next/navigation'
import { paths } from '../../paths.ts'

/** Which mix a catalogue model is shown in. */
export function MixSelect({
  id,
  mix,
  mixes,
}: {
  readonly id: string
  readonly mix: string
  readonly mixes: readonly string[]
}) {
  const router = useRouter()
  return (
    <Select
      aria-label="Quantization"
      className="w-36"
      options={mixes.map((name) => ({ value: name, label: name }))}
      value={mix}
      onChange={(event) => router.replace(paths.catalogueModel(id, event.target.value), { scroll: false })}
    />
  )
}
