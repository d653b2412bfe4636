import type { Exl2DescribeIssue } from './model.ts'

type Sentences = {
  readonly [Code in Exl2DescribeIssue['code']]: (issue: Extract<Exl2DescribeIssue, { code: Code }>) => string
}

const sentences: Sentences = {
  'missing-key': ({ key }) => `config.json has no ${key}.`,
  'bad-value': ({ key, value, expected }) => `${key} of config.json is ${value}; it must be ${expected}.`,
  'missing-tensor': ({ tensor }) => `The folder has no tensor ${tensor}.`,
  'bad-shape': ({ tensor, shape, expected }) => `Tensor ${tensor} has the shape ${shape.join(' x ')}, not ${expected}.`,
  'not-exl2': () => 'No tensor of the folder is quantized as EXL2 or EXL3.',
  'mixed-formats': () => 'The folder holds EXL2 and EXL3 tensors side by side; no engine reads both.',
}

/** Why a folder is no model that can be planned, as a sentence that names the key or tensor. */
export const explainExl2Issue = <Code extends Exl2DescribeIssue['code']>(
  issue: Extract<Exl2DescribeIssue, { code: Code }>,
): string => sentences[issue.code](issue)
