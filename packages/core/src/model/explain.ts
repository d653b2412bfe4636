import type { DescribeIssue, Model } from './model.ts'

type Sentences = { readonly [Code in DescribeIssue['code']]: (issue: Extract<DescribeIssue, { code: Code }>) => string }

const sentences: Sentences = {
  'missing-key': ({ key }) => `The header has no ${key}.`,
  'bad-value': ({ key, value, expected }) => `${key} is ${value}; it must be ${expected}.`,
  'missing-tensor': ({ tensor }) => `The file has no tensor ${tensor}.`,
  'shapes-do-not-match': ({ block }) => `The tensors of block ${block} do not fit together.`,
  'not-a-language-model': ({ architecture }) =>
    `A file of architecture ${architecture} is no language model of its own.`,
}

/** Why a header is no model that can be planned, as a sentence that names the key or tensor. */
export const explainDescribeIssue = <Code extends DescribeIssue['code']>(
  issue: Extract<DescribeIssue, { code: Code }>,
): string => sentences[issue.code](issue)

/** What the figures of an architecture that is not described are worth, and why. */
export const explainUndescribed = ({ architecture }: Pick<Model, 'architecture'>): string =>
  `Weights are exact: they need the file only. How ${architecture} computes is not described here, so its context is counted as plain attention and its compute buffers as every product of a block alive at once: bounds that hold for every described architecture, and no proof for this one.`
