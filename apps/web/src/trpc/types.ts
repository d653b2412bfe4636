import type { RouterInputs, RouterOutputs } from '@berth/api'

export type MachineView = RouterOutputs['machines']['list']['items'][number]
export type MachineDetail = RouterOutputs['machines']['get']
export type MachinePreview = RouterOutputs['machines']['previewImport']
export type ModelView = RouterOutputs['models']['list']['items'][number]
export type ModelDetail = RouterOutputs['models']['get']
export type EngineView = RouterOutputs['engines']['list']['items'][number]
export type StoryView = RouterOutputs['engines']['stories']['items'][number]
export type StoryDetail = RouterOutputs['engines']['story']
export type PlanView = RouterOutputs['plans']['list']['items'][number]
export type SavedPlanInput = RouterInputs['plans']['save']
export type PlanDetail = RouterOutputs['plans']['get']
