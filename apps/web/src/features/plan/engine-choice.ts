import { type Engine, type EngineId, engineOf, engines, versionsOf } from '@berth/core'

/** An engine, and which of its versions where it is not the current one. */
export interface EngineChoice {
  readonly engine: EngineId
  readonly engineVersion?: string
}

const DEFAULT: EngineId = 'llama.cpp'
const ids = Object.keys(engines) as EngineId[]

/** As an address holds it: `ollama`, or `ollama@0.6.8`. */
export const writeEngine = ({ engine, engineVersion }: EngineChoice): string =>
  engineVersion === undefined ? engine : `${engine}@${engineVersion}`

/** The choice that a text stands for; llama.cpp for one that names no engine, the current version for one unknown. */
export function readEngine(text: string): EngineChoice {
  const [name, version] = text.split('@')
  const engine = ids.find((id) => id === name)
  if (!engine) return { engine: DEFAULT }
  const isEarlier = version !== undefined && engineOf(engine, version) && version !== engines[engine].version
  return isEarlier ? { engine, engineVersion: version } : { engine }
}

export const engineNamed = (text: string): Engine => {
  const { engine, engineVersion } = readEngine(text)
  return engineOf(engine, engineVersion) ?? engines[engine]
}

/** Every version of every engine, the current one of each by its name alone. */
export const engineOptions: readonly { readonly value: string; readonly label: string }[] = ids.flatMap((id) =>
  versionsOf(id).map(({ name, version }, at) => ({
    value: writeEngine(at === 0 ? { engine: id } : { engine: id, engineVersion: version }),
    label: at === 0 ? name : `${name} ${version}`,
  })),
)
