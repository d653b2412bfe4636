export { type MilpAnswer, solveStages, type SolveOptions, type StageAnswer } from './solve-stages.ts'
export { type ExactOptions, type ExactPacking, packExactly } from './pack-exactly.ts'
