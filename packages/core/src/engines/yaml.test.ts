import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { toYaml, type YamlValue } from './yaml.ts'

it('writes mappings and lists in block style, strings quoted', () => {
  expect(
    toYaml({
      services: { a: { command: ['-c', '8192'], ports: [8080], env: {}, list: [] } },
      on: [{ x: 'no', y: null }],
    }),
  ).toBe(`services:
  a:
    command:
      - "-c"
      - "8192"
    ports:
      - 8080
    env: {}
    list: []
"on":
  - x: "no"
    "y": null
`)
})

it('is read back as it was, whatever the texts, by YAML 1.1 and 1.2', () => {
  const value = fc.letrec<{ value: YamlValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.string({ unit: 'grapheme', maxLength: 8 }).filter((name) => !['__proto__', '<<'].includes(name)),
        tie('value'),
        {
          maxKeys: 4,
          noNullPrototype: true,
        },
      ),
    ),
  })).value
  fc.assert(
    fc.property(value, fc.constantFrom('1.1' as const, '1.2' as const), (written, version) => {
      expect(parse(toYaml(written), { version })).toEqual(written)
    }),
  )
})
