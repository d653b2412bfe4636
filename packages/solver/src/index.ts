export { packAtOnce, packExactly, placeMost, type SolvedPacking, type SolverOptions } from './pack-exactly.ts'
export type { StageAnswer } from './solve-stages.ts'
