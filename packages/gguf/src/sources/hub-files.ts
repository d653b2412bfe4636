import { parseGGUFQuantLabel } from '@huggingface/gguf'
import { shown } from '@berth/sources'
import { GgufError } from '../errors.ts'
import { parseShardName } from '../model/shard-name.ts'

/** Files beside a model that are no model: the same words as llama.cpp's `gguf_filename_is_model` (common/download.cpp). */
const NOT_A_MODEL = /mmproj|imatrix|mtp-|eagle3-|dflash-|dspark-/i

/** llama.cpp's choice when no quant is named. */
const DEFAULT_QUANTS = ['Q4_K_M', 'Q8_0'] as const

/** What of a repository is asked for. */
export interface Wanted {
  readonly repo: string
  readonly quant: string | undefined
}

/**
 * The path of the one model a quant stands for, the first shard if it is split. Label by label: `Q4_K_M` is not
 * `UD-Q4_K_M` where both are there.
 *
 * @throws GgufError `no-gguf-in-repo`, `quant-not-found`, `quant-ambiguous`, `quant-needed`
 */
export const chooseModel = (paths: readonly string[], { repo, quant }: Wanted): string => {
  const models = paths.filter(isModel).toSorted()
  const [first, ...more] = models
  if (first === undefined) throw new GgufError({ code: 'no-gguf-in-repo', repo })
  if (quant === undefined && more.length === 0) return first
  const quants = quant === undefined ? DEFAULT_QUANTS : [quant]
  for (const candidate of quants) {
    const matches = matching(models, candidate)
    if (matches.length === 1) return matches[0]!
    if (matches.length > 1) {
      const candidates = matches.map((path) => shown(path))
      throw new GgufError({ code: 'quant-ambiguous', repo, quant: shown(candidate), candidates })
    }
  }
  const available = [...new Set(models.map((path) => quantLabel(path) ?? shown(path)))]
  if (quant === undefined) throw new GgufError({ code: 'quant-needed', repo, available })
  throw new GgufError({ code: 'quant-not-found', repo, quant: shown(quant), available })
}

/** A model's only file, or its first shard. */
function isModel(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (!/\.gguf$/i.test(name) || NOT_A_MODEL.test(name)) return false
  return (parseShardName(name)?.number ?? 1) === 1
}

function matching(models: readonly string[], quant: string): readonly string[] {
  const wanted = quant.toUpperCase()
  const labelled = models.filter((path) => quantLabel(path) === wanted)
  return labelled.length > 0 ? labelled : models.filter((path) => words(path).has(wanted))
}

/** `Q4_K_M` of `Q4_K_M/name-00001-of-00002.gguf` or `name.Q4_K_M.gguf`; the file's name before its folder's. */
function quantLabel(path: string): string | undefined {
  const slash = path.lastIndexOf('/')
  return parseGGUFQuantLabel(path.slice(slash + 1)) ?? parseGGUFQuantLabel(path.slice(0, Math.max(slash, 0)))
}

/** Every tail of the name and folders that begins after a separator and ends before one, for labels unknown to the library. */
function words(path: string): ReadonlySet<string> {
  const stem = path.toUpperCase().replace(/(-\d{5}-OF-\d{5})?\.GGUF$/, '')
  return new Set(
    stem.split('/').flatMap((part) => {
      const pieces = part.split(/[.-]/)
      return pieces.flatMap((piece, index) => [piece, pieces.slice(index).join('-'), pieces.slice(index).join('.')])
    }),
  )
}
