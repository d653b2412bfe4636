import {
  type AnyEngine,
  type AnyEngineId,
  anyEngineIds,
  anyEngineOf,
  anyVersionsOf,
  formatsOf,
  isExl2Engine,
} from '@berth/core'
import type { ModelFormat } from './model-choice.ts'

/** An engine, and which of its versions where it is not the current one. */
export interface EngineChoice {
  readonly engine: AnyEngineId
  readonly engineVersion?: string
}

const DEFAULT: AnyEngineId = 'llama.cpp'

/** As an address holds it: `ollama`, or `ollama@0.6.8`. */
export const writeEngine = ({ engine, engineVersion }: EngineChoice): string =>
  engineVersion === undefined ? engine : `${engine}@${engineVersion}`

/** The choice that a text stands for; llama.cpp for one that names no engine, the current version for one unknown. */
export function readEngine(text: string): EngineChoice {
  const [name, version] = text.split('@')
  const engine = anyEngineIds.find((id) => id === name)
  if (!engine) return { engine: DEFAULT }
  const isEarlier = version !== undefined && anyEngineOf(engine, version) && version !== current(engine).version
  return isEarlier ? { engine, engineVersion: version } : { engine }
}

const current = (id: AnyEngineId): AnyEngine => anyVersionsOf(id)[0]!

export const engineOf = ({ engine, engineVersion }: EngineChoice): AnyEngine =>
  anyEngineOf(engine, engineVersion) ?? current(engine)

export const engineNamed = (text: string): AnyEngine => engineOf(readEngine(text))

/** Whether the engine that a text names runs folders of ExLlama, and is asked for in its words. */
export const isExllama = (text: string): boolean => isExl2Engine(engineNamed(text))

/** What is chosen where the engine that was chosen does not read a model: the server of its kind. */
const usual = { gguf: 'llama.cpp', exl2: 'tabbyapi', exl3: 'tabbyapi' } as const satisfies Record<
  ModelFormat,
  AnyEngineId
>

/** The engine to plan a model of this format for: the one already chosen where it reads it. */
export const engineFor = (format: ModelFormat, text: string): string =>
  formatsOf(engineNamed(text)).includes(format) ? text : usual[format]

export interface EngineOption {
  readonly value: string
  readonly label: string
  /** It does not read the model that is chosen. */
  readonly disabled: boolean
}

/** Every version of every engine, the current one of each by its name alone. */
export const engineOptions = (format: ModelFormat = 'gguf'): readonly EngineOption[] =>
  anyEngineIds.flatMap((id) =>
    anyVersionsOf(id).map((engine, at) => {
      const { name, version } = engine
      const disabled = !formatsOf(engine).includes(format)
      return {
        value: writeEngine(at === 0 ? { engine: id } : { engine: id, engineVersion: version }),
        label: `${at === 0 ? name : `${name} ${version}`}${disabled ? ` (reads no ${format.toUpperCase()})` : ''}`,
        disabled,
      }
    }),
  )
