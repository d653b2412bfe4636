import type { Exl2DescribeIssue } from './model.ts'

/** Leaves a description half done; `describeExl2` turns it into a value. */
export class Exl2Refusal extends Error {
  override readonly name = 'Exl2Refusal'
  readonly issue: Exl2DescribeIssue

  constructor(issue: Exl2DescribeIssue) {
    super(issue.code)
    this.issue = issue
  }
}
