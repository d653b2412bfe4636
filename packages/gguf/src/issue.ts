import { type SourceIssue, sourceSentences } from '@berth/sources'

/** Everything that can be wrong with an address, a server or a file, as data. Sizes are in bytes. */
export type GgufIssue = FileIssue | HeaderIssue | TensorIssue | ShardIssue | SourceIssue | HubIssue

type FileIssue =
  | { readonly code: 'not-gguf'; readonly found: string }
  | { readonly code: 'big-endian' }
  | { readonly code: 'unsupported-version'; readonly version: number }
  | { readonly code: 'truncated-header'; readonly field: string; readonly needed: number; readonly available: number }
  | { readonly code: 'header-too-large'; readonly field: string; readonly limit: number; readonly needed: number }
  | { readonly code: 'truncated-data'; readonly needed: number; readonly available: number }
  | { readonly code: 'too-slow'; readonly limitMs: number }
  | { readonly code: 'undecodable'; readonly reason: string }

type HeaderIssue =
  | { readonly code: 'limit-exceeded'; readonly field: string; readonly limit: number; readonly found: string }
  | { readonly code: 'bad-key'; readonly key: string; readonly problem: string }
  | { readonly code: 'duplicate-key'; readonly key: string }
  | { readonly code: 'unknown-value-type'; readonly key: string; readonly type: number }
  | { readonly code: 'nested-array'; readonly key: string }
  | { readonly code: 'number-too-large'; readonly field: string; readonly value: string }
  | { readonly code: 'bad-alignment'; readonly value: string; readonly problem: string }
  | { readonly code: 'bad-trimmed-entry'; readonly key: string; readonly problem: string }

type TensorIssue =
  | { readonly code: 'bad-tensor-name'; readonly tensor: string; readonly problem: string }
  | { readonly code: 'duplicate-tensor'; readonly tensor: string }
  | { readonly code: 'bad-dimensions'; readonly tensor: string; readonly problem: string }
  | { readonly code: 'unknown-tensor-type'; readonly tensor: string; readonly type: number }
  | { readonly code: 'partial-block'; readonly tensor: string; readonly row: number; readonly blockElements: number }
  | { readonly code: 'tensor-too-large'; readonly tensor: string; readonly limit: number }
  | {
      readonly code: 'bad-tensor-offset'
      readonly tensor: string
      readonly offset: string
      readonly expected: number
      readonly problem: 'unaligned' | 'overlap' | 'gap'
    }

type ShardIssue =
  | { readonly code: 'missing-shard'; readonly shard: string; readonly number: number; readonly count: number }
  | { readonly code: 'shard-mismatch'; readonly shard: string; readonly problem: string }

type HubIssue =
  | { readonly code: 'no-gguf-in-repo'; readonly repo: string }
  | { readonly code: 'quant-needed'; readonly repo: string; readonly available: readonly string[] }
  | {
      readonly code: 'quant-not-found'
      readonly repo: string
      readonly quant: string
      readonly available: readonly string[]
    }
  | {
      readonly code: 'quant-ambiguous'
      readonly repo: string
      readonly quant: string
      readonly candidates: readonly string[]
    }

export type GgufErrorCode = GgufIssue['code']

type Sentences = { readonly [Code in GgufErrorCode]: (issue: Extract<GgufIssue, { code: Code }>) => string }

const sentences: Sentences = {
  ...sourceSentences,
  'not-gguf': ({ found }) => `Not a GGUF file: it begins with ${found} instead of "GGUF".`,
  'big-endian': () => 'The file is big-endian; only little-endian GGUF is read.',
  'unsupported-version': ({ version }) => `GGUF version ${version} is not supported; versions 2 and 3 are.`,
  'truncated-header': ({ field, needed, available }) =>
    `The header is cut off: ${field} reaches to byte ${needed}, the file has ${available}.`,
  'header-too-large': ({ field, limit, needed }) =>
    `The header is too large: ${field} reaches to byte ${needed}, the limit is ${limit}.`,
  'truncated-data': ({ needed, available }) =>
    `The file is cut off: its tensors need ${needed} bytes, it has ${available}.`,
  'too-slow': ({ limitMs }) => `Reading the header took longer than ${limitMs} ms.`,
  undecodable: ({ reason }) => `The header cannot be decoded: ${reason}.`,
  'limit-exceeded': ({ field, limit, found }) => `${field} is ${found}; the limit is ${limit}.`,
  'bad-key': ({ key, problem }) => `Key "${key}" ${problem}.`,
  'duplicate-key': ({ key }) => `Key "${key}" occurs twice.`,
  'unknown-value-type': ({ key, type }) => `Key "${key}" has the unknown value type ${type}.`,
  'nested-array': ({ key }) => `Key "${key}" is an array of arrays, which llama.cpp does not read either.`,
  'number-too-large': ({ field, value }) => `${field} is ${value}, beyond 2^53.`,
  'bad-alignment': ({ value, problem }) => `general.alignment is ${value}: ${problem}.`,
  'bad-trimmed-entry': ({ key, problem }) => `Key "${key}" ${problem}.`,
  'bad-tensor-name': ({ tensor, problem }) => `Tensor "${tensor}" ${problem}.`,
  'duplicate-tensor': ({ tensor }) => `Tensor "${tensor}" is listed twice.`,
  'bad-dimensions': ({ tensor, problem }) => `Tensor "${tensor}" ${problem}.`,
  'unknown-tensor-type': ({ tensor, type }) =>
    `Cannot size tensor "${tensor}": its type ${type} is unknown to this version.`,
  'partial-block': ({ tensor, row, blockElements }) =>
    `Tensor "${tensor}" has rows of ${row} elements, not a multiple of its block of ${blockElements}.`,
  'tensor-too-large': ({ tensor, limit }) => `Tensor "${tensor}" ends beyond ${limit} elements or bytes.`,
  'bad-tensor-offset': ({ tensor, offset, expected, problem }) =>
    `Tensor "${tensor}" starts at offset ${offset} instead of ${expected} (${problem}); llama.cpp refuses such a file.`,
  'missing-shard': ({ shard, number, count }) => `Shard ${number} of ${count} is missing: ${shard}.`,
  'shard-mismatch': ({ shard, problem }) => `Shard ${shard} ${problem}.`,
  'no-gguf-in-repo': ({ repo }) => `Repository ${repo} holds no GGUF model.`,
  'quant-needed': ({ repo, available }) =>
    `Repository ${repo} holds several models; name one of ${available.join(', ')}.`,
  'quant-not-found': ({ repo, quant, available }) =>
    `Repository ${repo} has no ${quant}; it has ${available.join(', ')}.`,
  'quant-ambiguous': ({ repo, quant, candidates }) =>
    `${quant} fits several models of ${repo}; name one of ${candidates.join(', ')}.`,
}

export const explainIssue = <Code extends GgufErrorCode>(issue: Extract<GgufIssue, { code: Code }>): string =>
  sentences[issue.code](issue)
