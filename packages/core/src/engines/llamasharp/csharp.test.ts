import { expect, it } from 'vitest'
import { csharpString } from './csharp.ts'

it.each([
  ['/models/llama.gguf', '"/models/llama.gguf"'],
  [String.raw`C:\new\"a".gguf`, String.raw`"C:\\new\\\"a\".gguf"`],
  ["{braces} $ @ '", '"{braces} $ @ \'"'],
  ['a\r\n\tb\u0000c', String.raw`"a\u000D\u000A\u0009b\u0000c"`],
  // These end a line in a C# source, and with it the literal.
  ['a\u0085b\u2028c\u2029d', String.raw`"a\u0085b\u2028c\u2029d"`],
  ['模型 🦙', '"模型 🦙"'],
])('%j is %s', (text, literal) => {
  expect(csharpString(text)).toBe(literal)
})
