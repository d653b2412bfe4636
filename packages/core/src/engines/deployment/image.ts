import type { Backend } from '../../machine/machine.ts'
import type { LaunchInput } from '../engine.ts'
import type { Launch } from '../launch.ts'

/** The image that an engine's makers publish. */
export interface ContainerImage {
  /** By backend, `cpu` for a run without devices. */
  readonly images: Partial<Record<Backend | 'cpu', string>>
  /** Where the engine listens within the container. */
  readonly port: number
  /** Answers 200 once the engine can be asked. */
  readonly health: string
  /** A program of the image that ends with 0 then; absent where it has none. */
  readonly probe?: readonly string[]
  /** Folder within the container that keeps what the engine fetches. */
  readonly cache: string
  /** Arguments are those of the image's entry point; it listens on all addresses, at `port`. */
  readonly launch: (input: LaunchInput) => Launch
}
