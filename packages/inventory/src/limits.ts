/** What one paste may cost. Each figure is far above any real lab's output and far below what hurts a server. */
export const limits = {
  /** UTF-16 units. A node of 8 GPUs with every supported clock listed prints half a MiB of XML. */
  textCharacters: 8 * 1024 ** 2,
  /** A line is read by patterns up to this length; JSON may be one long line. */
  lineCharacters: 4 * 1024 ** 2,
  lines: 400_000,
  /** Tool outputs in one paste: about 60 hosts with four tools each. */
  sections: 256,
  /** As many as one list of the API holds, so that what it exports can be read again. */
  machines: 1000,
  /** nvidia-smi numbers at most 64 GPUs; MIG cuts a card in 7. */
  devicesPerMachine: 128,
  /** Cards a monitor reports on at once: a Prometheus that federates every machine Berth reads in one paste, 16 each. */
  observedCards: 4096,
  /** Models an engine holds at once: Ollama's own default is 3 a GPU. */
  loadedModels: 1024,
  /** Modules of a stock list, cards and all else: a page of NetBox's API has at most 1000. */
  modules: 10_000,
  /** Tools that one collector runs: fifteen today. */
  collectedTools: 64,
  commandCharacters: 1024,
  /** How often a collector may say that it reports: under half a minute the tools take a share of the machine. */
  reportSeconds: { min: 30, max: 86_400 },
  linksPerMachine: (128 * 127) / 2,
  /** Of one host, with those that a node of Kubernetes makes for its pods: 110 pods, and room for more. */
  networkInterfaces: 1024,
  /** 1 Pbit/s: 800 Gbit/s is the fastest card there is. */
  networkBitsPerSecond: 1e15,
  /** `--help-query-gpu` of driver 590 lists about 210 fields. */
  csvColumns: 512,
  /** Rows of Berth's own table: every machine of a paste with every device it may have. */
  csvRows: 1000 * 128,
  /** Deepest real XML is 6 tags, deepest real JSON 8. */
  nesting: 32,
  nameCharacters: 256,
  hostNameCharacters: 253,
  /** Of a site or an owner: what is longer is no name. */
  standingCharacters: 200,
  /** 1 PiB: no single device or host is larger, and sums of 128 stay exact. */
  memoryBytes: 2 ** 50,
  /** How much of an offending text an issue quotes. */
  quotedCharacters: 120,
} as const
