'use client'

import { Select } from '@berth/ui/select'
import { useRouter, useSearchParams } from 'next/navigation'
import { paths } from '../../paths.ts'

/** Which mix a catalogue model is shown in; what else the address holds stays. */
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
  const address = useSearchParams()
  return (
    <Select
      aria-label="Quantization"
      className="w-36"
      options={mixes.map((name) => ({ value: name, label: name }))}
      value={mix}
      onChange={(event) => {
        const query = new URLSearchParams(address)
        query.set('mix', event.target.value)
        router.replace(`${paths.catalogueModel(id)}?${query}`, { scroll: false })
      }}
    />
  )
}
