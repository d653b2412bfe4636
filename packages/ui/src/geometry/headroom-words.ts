import { type Bytes, bytes, formatBytes, signedGibibytes } from '@berth/core'
import { fitWords } from '../fit-kinds.ts'
import type { FitCell } from '../fit-matrix-parts.ts'

/** `+3.1`, or `≈ −12.4` for an estimate; a dash where nothing is known. */
export function headroomFigure({ headroom, certain }: Pick<FitCell, 'headroom' | 'certain'>): string {
  if (headroom === null) return '–'
  return `${certain ? '' : '≈'}${signedGibibytes(headroom)}`
}

/** A cell in words: "Fits: Q5_K_M, 3.10 GiB to spare". */
export function cellWords({ kind, headroom, certain, file }: Omit<FitCell, 'tip'>): string {
  const known = headroom === null ? [] : [`${certain ? '' : 'about '}${spare(headroom)}`]
  const parts = [...(file === undefined ? [] : [file]), ...known].join(', ')
  return parts === '' ? fitWords[kind].word : `${fitWords[kind].word}: ${parts}`
}

const spare = (headroom: Bytes): string =>
  headroom < 0 ? `${formatBytes(bytes(-headroom))} lacking` : `${formatBytes(headroom)} to spare`
