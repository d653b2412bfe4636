import type { UnknownId } from '@berth/core'
import { isExllama } from './engine-choice.ts'
import type { Subject } from './judge-messages.ts'
import type { ModelChoice } from './model-choice.ts'
import { isFolder } from './planned-header.ts'

const FOLDER = 'ExLlama’s engines are planned as asked: what does not fit says the longest context that does.'

/** Why some things cannot be solved for, by what it is; nothing is said of what can. */
export function solveRefusals(
  subject: Subject | undefined,
  { kind }: Pick<ModelChoice, 'kind'>,
  engine: string,
): Partial<Record<UnknownId, string>> {
  if (!subject) {
    const loading = 'The model is still being loaded.'
    return { context: loading, slots: loading, 'cache-type': loading, mix: loading }
  }
  if (isFolder(subject.header) || isExllama(engine)) {
    return { context: FOLDER, slots: FOLDER, 'cache-type': FOLDER, mix: FOLDER }
  }
  if (subject.mixes) return {}
  return {
    mix:
      kind === 'stored'
        ? 'A stored file is as it is: models of the catalogue are offered in several quantizations.'
        : 'The catalogue has this model in one quantization only.',
  }
}
