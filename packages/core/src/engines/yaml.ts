export type YamlValue = string | number | boolean | null | readonly YamlValue[] | { readonly [key: string]: YamlValue }

/**
 * A document of YAML 1.2 in block style. Every string is double-quoted as JSON does, which YAML reads alike, so that no
 * text is taken for a number, a boolean or a comment; `undefined` is left to the caller.
 */
export const toYaml = (value: YamlValue): string => `${block(value, '').replace(/^\n/, '')}\n`

/** Names that need no quotes as keys. */
const PLAIN_KEY = /^[A-Za-z_][\w.-]*$/
/** Read as booleans or null by YAML 1.1, which some readers still are. */
const RESERVED_KEY = /^(?:y|n|yes|no|on|off|true|false|null)$/i

const key = (name: string): string => (PLAIN_KEY.test(name) && !RESERVED_KEY.test(name) ? name : JSON.stringify(name))

const isScalar = (value: YamlValue): value is string | number | boolean | null =>
  value === null || typeof value !== 'object'

const isList = (value: YamlValue): value is readonly YamlValue[] => Array.isArray(value)

/** What follows `key:` or `-`: a scalar on the same line, anything else on lines of its own. */
function block(value: YamlValue, indent: string): string {
  if (isScalar(value)) return ` ${JSON.stringify(value)}`
  if (isList(value)) {
    return value.length === 0 ? ' []' : value.map((item) => `\n${indent}-${inItem(item, `${indent}  `)}`).join('')
  }
  const entries = Object.entries(value)
  if (entries.length === 0) return ' {}'
  return entries.map(([name, item]) => `\n${indent}${key(name)}:${block(item, `${indent}  `)}`).join('')
}

/** A mapping within a list begins on the line of its dash. */
const inItem = (value: YamlValue, indent: string): string => block(value, indent).replace(/^\n\s*/, ' ')
