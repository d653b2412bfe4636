import { expect, it } from 'vitest'
import { isSupportedNode } from './node-version.mjs'

it.each([
  ['v18.20.4', false],
  ['v20.18.1', false],
  ['v20.19.0', true],
  ['v21.0.0', true],
  ['v24.1.0', true],
])('Node %s', (version, supported) => expect(isSupportedNode(version)).toBe(supported))
