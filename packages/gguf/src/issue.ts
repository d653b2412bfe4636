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

type SourceIssue =
  | { readonly code: 'bad-address'; readonly address: string; readonly problem: string }
  | { readonly code: 'address-refused'; readonly address: string; readonly problem: string }
  | { readonly code: 'not-found'; readonly address: string }
  | { readonly code: 'not-readable'; readonly address: string; readonly problem: string }
  | { readonly code: 'unauthorized'; readonly address: string }
  | { readonly code: 'forbidden'; readonly address: string }
  | { readonly code: 'range-not-satisfiable'; readonly address: string; readonly from: number }
  | { readonly code: 'rate-limited'; readonly address: string; readonly retryAfter: string }
  | { readonly code: 'server-error'; readonly address: string; readonly status: number }
  | { readonly code: 'unexpected-status'; readonly address: string; readonly status: number }
  | { readonly code: 'range-ignored'; readonly address: string; readonly from: number }
  | { readonly code: 'bad-range-answer'; readonly address: string; readonly problem: string }
  | { readonly code: 'changed-during-read'; readonly address: string; readonly problem: string }
  | { readonly code: 'connection-failed'; readonly address: string; readonly problem: string }
  | {
      readonly code: 'connection-closed'
      readonly address: string
      readonly received: number
      readonly expected: number | 'unknown'
    }
  | {
      readonly code: 'timeout'
      readonly address: string
      readonly phase: 'response' | 'body' | 'total'
      readonly limitMs: number
    }
  | { readonly code: 'too-many-redirects'; readonly address: string; readonly limit: number }
  | { readonly code: 'bad-redirect'; readonly address: string; readonly problem: string }
  | { readonly code: 'aborted'; readonly address: string }

type HubIssue =
  | { readonly code: 'repo-not-found'; readonly repo: string }
  | { readonly code: 'repo-gated'; readonly repo: string; readonly status: number }
  | { readonly code: 'bad-hub-answer'; readonly repo: string; readonly problem: string }
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
  'bad-address': ({ address, problem }) => `${address} is not an address of a model: ${problem}.`,
  'address-refused': ({ address, problem }) => `${address} is refused: ${problem}.`,
  'not-found': ({ address }) => `${address} does not exist.`,
  'not-readable': ({ address, problem }) => `${address} cannot be read: ${problem}.`,
  unauthorized: ({ address }) => `${address} needs a token (401).`,
  forbidden: ({ address }) => `${address} is forbidden (403).`,
  'range-not-satisfiable': ({ address, from }) => `${address} has no bytes from ${from} on (416).`,
  'rate-limited': ({ address, retryAfter }) => `${address}: too many requests (429), retry after ${retryAfter}.`,
  'server-error': ({ address, status }) => `${address}: the server failed with status ${status}.`,
  'unexpected-status': ({ address, status }) => `${address} answered with status ${status}.`,
  'range-ignored': ({ address, from }) => `${address} ignored the request for bytes from ${from} on.`,
  'bad-range-answer': ({ address, problem }) => `${address} answered a range request wrongly: ${problem}.`,
  'changed-during-read': ({ address, problem }) => `${address} changed while it was read: ${problem}.`,
  'connection-failed': ({ address, problem }) => `${address} cannot be reached: ${problem}.`,
  'connection-closed': ({ address, received, expected }) =>
    `${address}: the connection closed after ${received} of ${expected} bytes.`,
  timeout: ({ address, phase, limitMs }) => `${address}: no ${timeoutSubject[phase]} within ${limitMs} ms.`,
  'too-many-redirects': ({ address, limit }) => `${address} redirects more than ${limit} times.`,
  'bad-redirect': ({ address, problem }) => `${address} redirects wrongly: ${problem}.`,
  aborted: ({ address }) => `Reading ${address} was aborted.`,
  'repo-not-found': ({ repo }) => `Repository ${repo} does not exist.`,
  'repo-gated': ({ repo, status }) =>
    `Repository ${repo} is gated, private or does not exist (${status}); a token with access is needed.`,
  'bad-hub-answer': ({ repo, problem }) => `The file list of ${repo} cannot be read: ${problem}.`,
  'no-gguf-in-repo': ({ repo }) => `Repository ${repo} holds no GGUF model.`,
  'quant-needed': ({ repo, available }) =>
    `Repository ${repo} holds several models; name one of ${available.join(', ')}.`,
  'quant-not-found': ({ repo, quant, available }) =>
    `Repository ${repo} has no ${quant}; it has ${available.join(', ')}.`,
  'quant-ambiguous': ({ repo, quant, candidates }) =>
    `${quant} fits several models of ${repo}; name one of ${candidates.join(', ')}.`,
}

const timeoutSubject = { response: 'answer', body: 'more data', total: 'complete header' } as const

export const explainIssue = <Code extends GgufErrorCode>(issue: Extract<GgufIssue, { code: Code }>): string =>
  sentences[issue.code](issue)
