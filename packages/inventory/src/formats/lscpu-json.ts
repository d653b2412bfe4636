import { isRecord } from '../json/check.ts'
import { limits } from '../limits.ts'
import type { JsonFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'

interface Entry {
  readonly field: string
  readonly data: string
}

/** Newer releases put what belongs to a processor below it, under `children`. */
function entriesOf(list: unknown, depth = 0): readonly Entry[] {
  if (!Array.isArray(list) || depth > limits.nesting) return []
  return list.filter(isRecord).flatMap((entry): readonly Entry[] => {
    const [field, data] = [entry['field'], entry['data']]
    const told = typeof field === 'string' && typeof data === 'string' ? [{ field, data }] : []
    return [...told, ...entriesOf(entry['children'], depth + 1)]
  })
}

/** `lscpu -J`: the host's processor. */
export const lscpuJson: JsonFormat = {
  id: 'lscpu-json',
  rank: 0,
  kind: 'json',
  accepts: (value) => isRecord(value) && Array.isArray(value['lscpu']),
  readJson: (value) => {
    const entries = entriesOf((value as { readonly lscpu: unknown }).lscpu)
    const found = (label: string) => entries.find(({ field }) => field.replace(/:$/, '') === label)?.data
    const cores = Number(found('CPU(s)'))
    const host = defined({
      cpuName: found('Model name')?.trim().slice(0, limits.nameCharacters) || undefined,
      cpuCores: Number.isSafeInteger(cores) && cores > 0 ? cores : undefined,
    })
    return { ...nothingRead, host }
  },
}
