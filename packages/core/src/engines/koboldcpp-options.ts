import type { Command, LaunchFile } from './launch.ts'

/** What an option of koboldcpp.py is given; false where a flag is not. */
export type OptionValue = boolean | number | string | readonly (number | string)[]

/** An option by its name in Python, which is its long flag and its key in a `.kcpps` file. */
export interface KoboldCppOption {
  readonly name: string
  readonly value: OptionValue
}

/** What koboldcpp.py sets beside the options: the model is kept under the name of its positional argument. */
const MODEL = { flag: 'model', key: 'model_param' } as const

export const modelOption = (path: string): KoboldCppOption => ({ name: MODEL.flag, value: path })

/** The command line: lists are separated by spaces, a flag stands alone. */
export const optionArguments = (options: readonly KoboldCppOption[]): Command['arguments'] =>
  options.flatMap(({ name, value }) => {
    if (value === false) return []
    if (value === true) return [`--${name}`]
    return [`--${name}`, ...(typeof value === 'object' ? value.map(String) : [String(value)])]
  })

/** The same as a settings file, for `koboldcpp --config`; what it does not name stays at its default. */
export const settingsFile = (options: readonly KoboldCppOption[]): LaunchFile => {
  const entries = options.map(({ name, value }) => [name === MODEL.flag ? MODEL.key : name, value])
  const content = `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`
  return { name: 'berth.kcpps', language: 'json', content, use: 'instead' }
}
