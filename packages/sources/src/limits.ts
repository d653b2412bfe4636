import { MIB } from '@berth/core'

/** What is accepted from servers and addresses that are not trusted. Every number states why it is that number. */

/** As browsers and curl's `--max-redirs` practice for downloads: a hub needs one or two. */
export const MAX_REDIRECTS = 5

/** Three answer any header; a server that hands out slivers is given up on. */
export const MAX_REQUESTS_A_FILE = 16

/** A tree page lists up to 1,000 files and takes about 0.5 MB. */
export const MAX_LISTING_BYTES = 8 * MIB

/** 20,000 files; repositories of quantized models hold under 200. */
export const MAX_LISTING_PAGES = 20

/** Longer than any path or URL that a person pastes. */
export const MAX_ADDRESS_LENGTH = 4096

/** Until the first byte of an answer; a hub's redirect and its storage take 1 to 3 s when cold. */
export const RESPONSE_TIMEOUT_MS = 20_000

/** Between two chunks of a body. */
export const STALL_TIMEOUT_MS = 15_000

/** For one model with all its files: 128 MiB at 10 Mbit/s. */
export const TOTAL_TIMEOUT_MS = 120_000

/** Files of one model read at once. Enough to hide latency, few enough not to look like an attack. */
export const PARALLEL_FILES = 4
