import { type SourceIssue, sourceSentences } from '@berth/sources'

/** Everything that can be wrong with an address, a server or a folder, as data. Sizes are in bytes. */
export type Exl2Issue = FolderIssue | FileIssue | TensorIssue | SourceIssue

type FolderIssue =
  | { readonly code: 'no-config'; readonly address: string }
  | { readonly code: 'no-safetensors'; readonly address: string }
  | { readonly code: 'missing-shard'; readonly shard: string; readonly number: number; readonly count: number }

type FileIssue =
  | { readonly code: 'truncated-header'; readonly file: string; readonly needed: number; readonly available: number }
  | { readonly code: 'header-too-large'; readonly file: string; readonly limit: number; readonly found: string }
  | { readonly code: 'truncated-data'; readonly file: string; readonly needed: number; readonly available: number }
  | { readonly code: 'trailing-data'; readonly file: string; readonly needed: number; readonly available: number }
  | { readonly code: 'not-safetensors'; readonly file: string; readonly found: string }
  | { readonly code: 'not-json'; readonly file: string; readonly problem: string }
  | { readonly code: 'not-an-object'; readonly field: string }
  | { readonly code: 'bad-key'; readonly file: string; readonly key: string }
  | { readonly code: 'limit-exceeded'; readonly field: string; readonly limit: number; readonly found: number }

type TensorIssue =
  | { readonly code: 'bad-tensor'; readonly tensor: string; readonly problem: string }
  | { readonly code: 'unknown-dtype'; readonly tensor: string; readonly dtype: string }
  | { readonly code: 'bad-dimensions'; readonly tensor: string; readonly problem: string }
  | { readonly code: 'size-mismatch'; readonly tensor: string; readonly expected: number; readonly found: number }
  | {
      readonly code: 'bad-tensor-offset'
      readonly tensor: string
      readonly offset: number
      readonly expected: number
      readonly problem: 'overlap' | 'gap'
    }
  | { readonly code: 'duplicate-tensor'; readonly tensor: string; readonly file: string; readonly other: string }

export type Exl2ErrorCode = Exl2Issue['code']

type Sentences = { readonly [Code in Exl2ErrorCode]: (issue: Extract<Exl2Issue, { code: Code }>) => string }

const sentences: Sentences = {
  ...sourceSentences,
  'no-config': ({ address }) => `${address} holds no config.json.`,
  'no-safetensors': ({ address }) => `${address} holds no .safetensors file.`,
  'missing-shard': ({ shard, number, count }) => `File ${number} of ${count} is missing: ${shard}.`,
  'truncated-header': ({ file, needed, available }) =>
    `The header of ${file} is cut off: it reaches to byte ${needed}, the file has ${available}.`,
  'header-too-large': ({ file, limit, found }) =>
    `The header of ${file} is too large: ${found} bytes, the limit is ${limit}.`,
  'truncated-data': ({ file, needed, available }) =>
    `${file} is cut off: its tensors need ${needed} bytes, it has ${available}.`,
  'trailing-data': ({ file, needed, available }) =>
    `${file} has ${available} bytes, its tensors end at ${needed}: it is damaged or no safetensors file.`,
  'not-safetensors': ({ file, found }) => `${file} is no safetensors file: its header begins with ${found}.`,
  'not-json': ({ file, problem }) => `${file} is not JSON: ${problem}.`,
  'not-an-object': ({ field }) => `${field} is not a JSON object.`,
  'bad-key': ({ file, key }) => `${file} has the key "${key}", which no config has.`,
  'limit-exceeded': ({ field, limit, found }) => `${field}: ${found}; the limit is ${limit}.`,
  'bad-tensor': ({ tensor, problem }) => `Tensor "${tensor}" ${problem}.`,
  'unknown-dtype': ({ tensor, dtype }) => `Cannot size tensor "${tensor}": its type ${dtype} is unknown.`,
  'bad-dimensions': ({ tensor, problem }) => `Tensor "${tensor}" ${problem}.`,
  'size-mismatch': ({ tensor, expected, found }) =>
    `Tensor "${tensor}" takes ${expected} bytes by its shape, and ${found} by its offsets.`,
  'bad-tensor-offset': ({ tensor, offset, expected, problem }) =>
    `Tensor "${tensor}" starts at offset ${offset} instead of ${expected} (${problem}).`,
  'duplicate-tensor': ({ tensor, file, other }) =>
    `Tensor "${tensor}" is in ${file} and in ${other}; which one is loaded is chance.`,
}

export const explainIssue = <Code extends Exl2ErrorCode>(issue: Extract<Exl2Issue, { code: Code }>): string =>
  sentences[issue.code](issue)
