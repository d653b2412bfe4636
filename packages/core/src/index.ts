export * from './units.ts'
export * from './ids.ts'
export * from './result.ts'
export * from './header/ggml-type.ts'
export * from './header/header.ts'
export * from './model/model.ts'
export * from './machine/machine.ts'
export { catalogueSource } from './engines/model-file.ts'
export * from './machine/link.ts'
export { deviceWarnings, type MachineWarning, machineWarnings } from './machine/warnings.ts'
export { explainMachineWarning, explainPath, peerAccessMeanings } from './machine/explain.ts'
export { heldInAll, heldOnDevice, heldOnHost, type MemoryHeld, type ReservedFigure } from './machine/memory-held.ts'
export { memoryTotal } from './machine/memory-total.ts'
export { type Freshness, type FreshnessInput, freshnessOf } from './machine/freshness.ts'
export { explainFreshness, formatSeconds } from './machine/explain-freshness.ts'
export { isCutIntoSlices } from './machine/mig.ts'
export {
  type DeviceFigure,
  deviceFigures,
  type FigureLimits,
  type FigureUnit,
  type FigureValue,
  isDeviceFigure,
  isMachineFigure,
  limitsOf,
  type MachineFigure,
  machineFigures,
} from './machine/figures.ts'
export * from './machine/overrides.ts'
export { checkOverride, type OverrideIssue, overrideRefusal } from './machine/check-override.ts'
export {
  explainOverride,
  explainOverrideIssue,
  explainOverrideRefusal,
  figureWords,
  formatFigure,
} from './machine/explain-overrides.ts'
export { explainDeviceMemory, explainMemoryTotal } from './machine/explain-memory-total.ts'
export {
  type MemoryClaim,
  type MemoryClaims,
  memoryLedger,
  type MemoryLedgerPlace,
  type ReservedClaim,
} from './machine/memory-ledger.ts'
export { explainMemoryLedger, memoryWords } from './machine/explain-memory-ledger.ts'
export { cloneMachine } from './machine/clone.ts'
export { cloneNames, type CloneNamesIssue, explainCloneNamesIssue } from './machine/clone-names.ts'
export * from './memory/settings.ts'
export * from './memory/run-memory.ts'
export * from './placement/verdict.ts'
export * from './engines/launch.ts'
export * from './quantize/mix.ts'
export * from './quantize/quantize-header.ts'
export { describeModel } from './model/describe.ts'
export { explainDescribeIssue, explainUndescribed } from './model/explain.ts'
export { layersByFlags, type LayerFlags } from './placement/split.ts'
export { estimateMemory, estimateStatic, type StaticMemory } from './memory/estimate.ts'
export type { ReplayMemo } from './memory/replay-memo.ts'
export type { Run } from './memory/run.ts'

export { contextShape, type ContextShape, CELL_GRANULARITY } from './context/shape.ts'
export { architectureNames, isDescribed } from './model/architectures/index.ts'
export { overhead, type Overhead, type OverheadInput, type OverheadTerm } from './memory/overhead.ts'
export { type JudgedSplit, judge, plan, planOrJudge } from './placement/plan.ts'
export { expertOverrides, movesTensors, PIPELINE_OFF } from './memory/overrides.ts'
export { type Alternative, occupiedBy, type Occupancy, type PlanInput, type Tenant } from './placement/plan-input.ts'
export { type JointInput, type JointVerdict, planTogether } from './placement/together.ts'
export {
  contextsAtOnce,
  contextsWhenAsked,
  type CreationInput,
  type CreationMoment,
  type CreationStep,
  type MemoryOverTime,
  memoryOverTime,
  oneAfterTheOther,
  type PlaceMoment,
  type Resident,
} from './placement/memory-over-time.ts'
export { explainMemoryOverTime, explainStep } from './placement/explain-memory-over-time.ts'
export { type PreferenceId, preferenceIds, preferences } from './placement/preferences/index.ts'
export { compareSplits, explainComparison, type SplitComparison } from './placement/compare-splits.ts'
export { explainCost, explainElsewhere, explainReason, explainRemedy, placeName } from './placement/explain.ts'
export { type EngineAlone, engineAlone } from './placement/engine-alone.ts'
export { explainOwnChoice } from './placement/own-placements.ts'
export { type AloneComparison, compareWithAlone, type Holding } from './placement/compare-alone.ts'
export { claimsOf, type EngineClaims } from './placement/explain-engines.ts'
export { explainAlone } from './placement/explain-alone.ts'
export * from './solve/solution.ts'
export { solve } from './solve/solve.ts'
export { explainSolution } from './solve/explain.ts'
export { engineOf, engines, versionsOf } from './engines/index.ts'
export type { Engine, EngineControls, LaunchInput, ModelSource } from './engines/engine.ts'
export { type Deployment, type DeploymentForm, deploymentForms } from './engines/deployment/index.ts'
export { type Start, startOf } from './engines/start.ts'
export { quotePosix, type Shell, toShell, type WrittenCommand, type WrittenLaunch } from './engines/shell.ts'
export { estimateFor as estimateKoboldCppLayers } from './engines/koboldcpp-choice.ts'
export type { EstimateInput, LayerEstimate } from './engines/koboldcpp-estimate.ts'
export { explainEstimate as explainKoboldCppEstimate } from './engines/koboldcpp-explain.ts'
export { type ArgumentIssue, type LlamaServerArguments, parseLlamaServer } from './engines/llama-cpp-arguments.ts'
export {
  type FitDevice,
  type FitOptions,
  fitParameters,
  type FitResult,
  type FitStep,
} from './engines/llama-cpp-fit/fit.ts'
export { type OllamaFacts, ollamaFacts } from './engines/ollama/gguf-facts.ts'
export {
  type EstimateRequest as OllamaEstimateRequest,
  estimateGpuLayers,
  type GpuLayersEstimate,
} from './engines/ollama/estimate-gpu-layers.ts'
export {
  type EarlierPlacement as EarlierOllamaPlacement,
  placeEarlier as placeEarlierOllama,
} from './engines/ollama/choose-earlier.ts'
export {
  type EstimateAccount as OllamaEstimateAccount,
  estimateAccount as ollamaEstimateAccount,
  type EstimatedGpu,
  estimatedAndNeeded,
} from './engines/ollama/estimate-account.ts'
export {
  explainEstimate as explainOllamaEstimate,
  printedProcessor,
  printedSize,
} from './engines/ollama/explain-estimate.ts'
export { type OllamaPlacement, placeRun as placeOllama } from './engines/ollama/place-run.ts'
export type { OllamaStep } from './engines/ollama/ollama-step.ts'
export { explainOllamaStep } from './engines/ollama/explain-placement.ts'
export { placementWarnings } from './placement/warnings.ts'
export { byVerdict, leastHeadroom, needsHost } from './placement/rank.ts'
export { estimateSpeed, type SpeedEstimate } from './speed/speed.ts'
export { explainSpeed, formatSpeed } from './speed/explain.ts'
export type { SpeedBasis, SpeedCertainty } from './speed/basis.ts'
export type { SpeedInput } from './speed/run.ts'
export { explainPlacement, type FigureExplanation, type PlaceFigures } from './placement/explain-figure.ts'
export * from './exl2/header.ts'
export * from './exl2/model.ts'
export * from './exl2/settings.ts'
export { describeExl2 } from './exl2/describe.ts'
export { folderOf as exl2FolderOf, type FolderShape as Exl2FolderShape } from './exl2/made-folder.ts'
export { explainExl2Issue } from './exl2/explain.ts'
export { exl2CacheTensors, exl2CacheWorkTensors } from './exl2/cache.ts'
export { type Exl2Module, exl2Modules } from './exl2/modules.ts'
export { type Exl2DeviceMemory, type Exl2Figure, exl2RunBytes } from './exl2/device-memory.ts'
export { type Exl2Placement, type Exl2Refused, EXL2_HOST } from './exl2/placement.ts'
export { type Exl2ManualSplit, exl2ManualSplit } from './exl2/manual-split.ts'
export { exl2AutoSplit, type Exl2AutoSplitDevice, exl2AutoSplitReserve } from './exl2/auto-split.ts'
export { exl3CacheTensors } from './exl2/exllamav3/cache.ts'
export { type Exl3Settings, exl3Settings } from './exl2/exllamav3/settings.ts'
export { type Exl3Device, exl3Reserve, exl3Split } from './exl2/exllamav3/split.ts'
export type { FigurePart, FormulaLine } from './memory/explain.ts'
export { type TypicalCapability, typicalCards } from './memory/typical-cards.ts'
export type { FigureGroup, ModelFigure } from './model/figure.ts'
export type { ContextCurve } from './model/context-curve.ts'
export { explainModelMemory, type ModelMemory, type ModelMemoryInput } from './model/explain-memory.ts'
export { exl2Engines, isExl2EngineId } from './exl2/engines/index.ts'
export type { Exl2Engine } from './exl2/engines/exl2-engine.ts'
export { type Exl2Run, type Exl2Told, type GpuSplit, placeModules } from './exl2/plan/run.ts'
export {
  type AnyAlternative,
  type AnyEngine,
  anyEngineIds,
  anyEngineOf,
  type AnyPlanInput,
  anyVersionsOf,
  formatsOf,
  isExl2Engine,
  planModel,
} from './placement/plan-model.ts'
export * from './model/any-model.ts'
export { exl2Summary } from './exl2/summary.ts'
export * from './exl2/figures.ts'
export * from './fleet/fleet-machine.ts'
export {
  inventoryOf,
  inventoryOfPromise,
  type Inventory,
  isInMaintenance,
  type MachineToday,
  type ReliedDevice,
} from './fleet/drift/inventory.ts'
export { type DriftFinding, driftOf, promiseDriftOf } from './fleet/drift/drift.ts'
export {
  driftSeverities,
  type DriftSeverity,
  weighAtAGlance,
  type WeighedFinding,
  weighJudged,
  worstOf,
} from './fleet/drift/severity.ts'
export { askedAsSaved, heldAsSaved } from './fleet/drift/as-saved.ts'
export { isRepairedHere, nearestRepairs, type Repair } from './fleet/drift/repair.ts'
export { driftSeverityWords, explainDrift, explainRepair } from './fleet/drift/explain.ts'
export * from './fleet/labels.ts'
export { type Facet, facets, filterMachines, isEmptyFilter, type MachineFilter, NO_VALUE } from './fleet/filter.ts'
export { type FacetCounts, facetCounts, type FacetValue, withLabel, withoutLabel } from './fleet/facets.ts'
export { comparePlaces, type MachineSort, machineSorts, placeOf, sortMachines, type SortPlace } from './fleet/sort.ts'
export { naturalOrder } from './fleet/natural-order.ts'
export {
  type MachineColumn,
  machineColumns,
  type MachineQuery,
  type QueryEntry,
  readMachineQuery,
  readSort,
  writeMachineQuery,
  writeSort,
} from './fleet/query.ts'
export { distinctHardware, type Hardware } from './fleet/matrix/hardware.ts'
export { type ExactCell, exactCell, type ExactCellInput } from './fleet/matrix/exact-cell.ts'
export { type MemoryBasis, memoryBases, onBasis } from './fleet/matrix/memory-basis.ts'
export {
  survey,
  type SurveyCell,
  type SurveyInput,
  type SurveyMeans,
  type SurveyMemo,
  surveyMeans,
  type SurveyVerdict,
  surveyVerdicts,
} from './fleet/matrix/survey.ts'
export {
  isAllowed,
  type PackDemand,
  type PackedReplica,
  packPolicies,
  type PackPolicy,
  type PackProblem,
} from './fleet/pack/problem.ts'
export type { Formulation, PackGoal, PlannedProblem } from './fleet/pack/formulation.ts'
export { type Milp, type Stage, type Term, valueOf } from './fleet/pack/milp.ts'
export { type Assigned, leftOn } from './fleet/pack/assigned.ts'
export { planProblem } from './fleet/pack/plan-problem.ts'
export type { PackMemo } from './fleet/pack/template.ts'
export { formulate } from './fleet/pack/formulate.ts'
export { packGreedily } from './fleet/pack/greedy.ts'
export { assignedFrom, packingValues } from './fleet/pack/decode.ts'
export { type Verified, verified } from './fleet/pack/verify.ts'
export { type Constraint, type Unplaced, unplacedOf } from './fleet/pack/unplaced.ts'
export { explainGoal, explainUnplaced, writeGoalValue } from './fleet/pack/explain.ts'
export { likenessOf } from './fleet/pack/room.ts'
export { isWithin, overlaps, type TimeWindow } from './reservation/window.ts'
export { type Claim, heldAt, type Peak, peakOf, stepsOf } from './reservation/claims.ts'
export { conflictsIn, type Demand, earliestStart, type ReservationConflict } from './reservation/conflict.ts'
export {
  type ClaimsByPlace,
  type CountedPlace,
  countedPlaces,
  keyOf,
  type LookedAt,
  type PlaceBytes,
  type PlacesIssue,
  reservableOf,
  reservedBy,
  withReserved,
} from './reservation/places.ts'
export { isLive, type ReservationState, reservationState, reservationStates } from './reservation/state.ts'
export { explainConflict, explainEarliest, explainPlacesIssue, type NamedReservation } from './reservation/explain.ts'
export { type Card, cardLike, cardOf, type CardOrigin, isImagined, sizeOf } from './fleet/capacity/card.ts'
export {
  type EditIssue,
  type EditWith,
  type MachineEdit,
  MAX_EDITED_DEVICES,
  whatIf,
} from './fleet/capacity/edit-machine.ts'
export { editOnTwin, judgedOnce } from './fleet/capacity/alike.ts'
export { byGain, byLargest, byNeed, byStanding } from './fleet/capacity/order.ts'
export { whyNot } from './fleet/capacity/hosting.ts'
export {
  bySize,
  type CapacityFile,
  type FileSize,
  fileSizes,
  type Largest,
  type LargestFile,
  type LargestHosted,
  largestHosted,
} from './fleet/capacity/largest.ts'
export { type ContextReach, type ModelStanding, standingOf } from './fleet/capacity/standing.ts'
export { compareEdit, type EditComparison, type EditGain, editGains } from './fleet/capacity/compare-edit.ts'
export {
  type NoUpgrade,
  oneUpgradeAway,
  type Upgrade,
  type UpgradeAnswer,
  type UpgradeQuestion,
} from './fleet/capacity/one-upgrade-away.ts'
export {
  explainEdit,
  explainEditIssue,
  explainGain,
  explainNoUpgrade,
  explainUpgrade,
} from './fleet/capacity/explain.ts'
