import { describeExl2 } from '../exl2/describe.ts'
import { explainExl2Issue } from '../exl2/explain.ts'
import type { Exl2Header } from '../exl2/header.ts'
import type { Exl2DescribeIssue, Exl2Format, Exl2Model } from '../exl2/model.ts'
import type { GgufHeader } from '../header/header.ts'
import type { Result } from '../result.ts'
import { describeModel } from './describe.ts'
import { explainDescribeIssue } from './explain.ts'
import type { DescribeIssue, Model } from './model.ts'

/** A model of either kind, to be told apart by what it was read from. */
export type AnyHeader = GgufHeader | Exl2Header
export type AnyModel = Model | Exl2Model

export const isExl2Header = (header: AnyHeader): header is Exl2Header => 'config' in header
export const isExl2Model = (model: AnyModel): model is Exl2Model => 'quantization' in model

export type ModelFormat = 'gguf' | Exl2Format

export const formatOf = (model: AnyModel): ModelFormat => (isExl2Model(model) ? model.quantization.format : 'gguf')

export interface AnyDescribeIssue {
  readonly issue: DescribeIssue | Exl2DescribeIssue
  readonly sentence: string
}

/** `describeModel` or `describeExl2`, by what the header is of. */
export function describeAny(header: AnyHeader): Result<AnyModel, AnyDescribeIssue> {
  if (isExl2Header(header)) {
    const described = describeExl2(header)
    return described.ok ? described : { ok: false, issue: of(described.issue, explainExl2Issue(described.issue)) }
  }
  const described = describeModel(header)
  return described.ok ? described : { ok: false, issue: of(described.issue, explainDescribeIssue(described.issue)) }
}

const of = (issue: AnyDescribeIssue['issue'], sentence: string): AnyDescribeIssue => ({ issue, sentence })
