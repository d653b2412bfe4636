/** Every address of the dashboard. Pages link through these, so that a moved page is one change. */
export const paths = {
  overview: () => '/',
  /** `query` is written by `writeQuery` of the list. */
  machines: (query = '') => `/machines${query && `?${query}`}`,
  machinesExport: (query: string) => `/api/v1/machines/export?${query}`,
  machinesImport: () => '/machines/import',
  /** The script that a machine reports itself with. */
  machineByScript: () => '/machines/import?from=script',
  /** The form that makes a machine of GPUs of the catalogue, with one of them chosen. */
  machineFromCatalogue: (gpu?: string) =>
    `/machines/import?from=catalogue${gpu ? `&gpu=${encodeURIComponent(gpu)}` : ''}`,
  machine: (id: string) => `/machines/${encodeURIComponent(id)}`,
  /** What was changed, of all machines or of one that may be gone. */
  history: (machine?: string) => `/history${machine === undefined ? '' : `?machine=${encodeURIComponent(machine)}`}`,
  models: () => '/models',
  modelsImport: () => '/models/import',
  model: (id: string) => `/models/${encodeURIComponent(id)}`,
  catalogueModel: (id: string, mix?: string) =>
    `/models/catalogue/${encodeURIComponent(id)}${mix ? `?mix=${encodeURIComponent(mix)}` : ''}`,
  catalogueHeader: (id: string, mix: string) =>
    `/models/catalogue/${encodeURIComponent(id)}/header?mix=${encodeURIComponent(mix)}`,
  /** `query` is written by `writeMatrixInputs`. */
  fleet: (query = '') => `/fleet${query}`,
  /** `query` is written by `writePlanInputs`, which knows the names of the inputs. */
  plan: (query = '') => `/plan${query}`,
  /** `query` is written by `writeCapacityInputs`. */
  capacity: (query = '') => `/capacity${query}`,
  /** `query` is written by `writeGpuInputs`. */
  catalogue: (query = '') => `/catalogue${query}`,
  settings: () => '/settings',
  engines: () => '/engines',
  story: (id: string) => `/engines/stories/${encodeURIComponent(id)}`,
  packing: () => '/packing',
  plans: () => '/plans',
  savedPlan: (id: string) => `/plans/${encodeURIComponent(id)}`,
  /** `query` is written by `writeReservationQuery`. */
  reservations: (query = '') => `/reservations${query}`,
  reservation: (id: string) => `/reservations/${encodeURIComponent(id)}`,
  /** The form that reserves bytes by hand, with a machine chosen. */
  newReservation: (machine?: string) =>
    `/reservations/new${machine === undefined ? '' : `?machine=${encodeURIComponent(machine)}`}`,
} as const
