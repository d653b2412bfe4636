import { catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import { catalogueSource, type MixCandidate } from '@berth/core'
import type { Environment } from '../env.ts'
import { CATALOGUE, described, type FileRead, readFileFrom } from './model.ts'

/** A file that `--solve mix` may choose. */
export interface CandidateRead extends MixCandidate {
  readonly read: () => FileRead
}

/**
 * The files named, or without `others` every mix of a catalogue model.
 * @throws Failure that begins with `--model` or `--or`
 */
export async function readCandidates(
  address: string,
  others: readonly string[],
  environment: Environment,
): Promise<readonly CandidateRead[]> {
  const mixes = others.length === 0 ? catalogueMixes(address) : []
  if (mixes.length > 0) return mixes
  const candidates: CandidateRead[] = []
  for (const [at, each] of [address, ...others].entries()) {
    const read = await readFileFrom(each, environment, at === 0 ? '--model' : '--or')
    candidates.push({ id: each, ...(read.mix && { mix: read.mix }), model: () => read.model, read: () => read })
  }
  return candidates
}

function catalogueMixes(address: string): readonly CandidateRead[] {
  if (!address.startsWith(CATALOGUE)) return []
  const [id = ''] = address.slice(CATALOGUE.length).split(':')
  const entry = findCatalogueModel(id)
  return (entry?.mixes ?? []).map((mix): CandidateRead => {
    let known: FileRead | undefined
    const read = (): FileRead =>
      (known ??= {
        model: described(catalogueHeader(entry!, mix), '--model'),
        name: `${entry!.name} ${mix}`,
        source: catalogueSource(id, mix),
        mix,
      })
    return { id: `${CATALOGUE}${id}:${mix}`, mix, model: () => read().model, read }
  })
}
