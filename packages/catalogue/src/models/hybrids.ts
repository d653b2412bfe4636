import { type CatalogueModel, catalogueModel, type ModelSpec } from '../catalogue-model.ts'
import { atBlocks, transformer } from '../hyperparameters.ts'

type Hyperparameters = ModelSpec['hyperparameters']

const graniteScales: Hyperparameters = { embedding_scale: 12, logit_scale: 16, 'attention.scale': 0.0078125 }

/** The state space of Mamba 2 with heads of 64 (Granite) or 80 (Nemotron) elements. */
const mamba2 = (heads: number, headLength: number, groups: number): Hyperparameters => ({
  'ssm.conv_kernel': 4,
  'ssm.state_size': 128,
  'ssm.group_count': groups,
  'ssm.inner_size': heads * headLength,
  'ssm.time_step_rank': heads,
})

const attentionBlocks = [5, 15, 25, 35]
const granite4 = { blocks: 40, head: 128, vocab: 100352, context: 131072, ropeBase: 10000, epsilon: 1e-5 }

const granites: readonly CatalogueModel[] = [
  catalogueModel({
    id: 'granite-3-8b',
    name: 'Granite 3.1 8B',
    family: 'Granite',
    publisher: 'IBM',
    architecture: 'granite',
    parameters: '8.17B',
    source: 'huggingface.co/ibm-granite/granite-3.1-8b-instruct config.json',
    hyperparameters: {
      ...transformer({
        blocks: 40,
        embedding: 4096,
        feedForward: 12800,
        heads: 32,
        headsKv: 8,
        head: 128,
        vocab: 49155,
        context: 131072,
        ropeBase: 10000000,
        epsilon: 1e-5,
      }),
      ...graniteScales,
      residual_scale: 0.22,
    },
    layout: { tied: true },
  }),
  catalogueModel({
    id: 'granite-4-h-small',
    name: 'Granite 4.0 H Small 32B-A9B',
    family: 'Granite',
    publisher: 'IBM',
    architecture: 'granitehybrid',
    parameters: '32.2B',
    source: 'huggingface.co/ibm-granite/granite-4.0-h-small config.json',
    hyperparameters: {
      ...transformer({
        ...granite4,
        embedding: 4096,
        feedForward: 768,
        heads: 32,
        headsKv: atBlocks(40, attentionBlocks, 8),
      }),
      ...mamba2(128, 64, 1),
      ...graniteScales,
      residual_scale: 0.22,
      'rope.scaling.finetuned': false,
      expert_count: 72,
      expert_used_count: 10,
      expert_shared_feed_forward_length: 1536,
    },
    layout: { tied: true },
  }),
]

/** The order of a Nemotron H model's blocks as its config writes it: M Mamba 2, - or E feed-forward, * attention. */
const nemotronBlocks = (
  pattern: string,
  { width, headsKv }: { readonly width: number; readonly headsKv: number },
): { readonly blocks: number; readonly feedForward: readonly number[]; readonly headsKv: readonly number[] } => {
  const kinds = Array.from(pattern)
  return {
    blocks: kinds.length,
    feedForward: kinds.map((kind) => (kind === '-' || kind === 'E' ? width : 0)),
    headsKv: kinds.map((kind) => (kind === '*' ? headsKv : 0)),
  }
}

const nemotron = { head: 128, vocab: 131072, ropeBase: 10000, epsilon: 1e-5 }

const nemotrons: readonly CatalogueModel[] = [
  catalogueModel({
    id: 'nemotron-nano-9b-v2',
    name: 'Nemotron Nano 9B v2',
    family: 'Nemotron',
    publisher: 'NVIDIA',
    architecture: 'nemotron_h',
    parameters: '8.89B',
    source: 'huggingface.co/nvidia/NVIDIA-Nemotron-Nano-9B-v2 config.json',
    hyperparameters: {
      ...transformer({
        ...nemotron,
        ...nemotronBlocks('M-M-M-MM-M-M-M*-M-M-M*-M-M-M-M*-M-M-M-M*-M-MM-M-M-M-M-M-', { width: 15680, headsKv: 8 }),
        embedding: 4480,
        heads: 40,
        context: 131072,
      }),
      ...mamba2(128, 80, 8),
      'attention.layer_norm_epsilon': 1e-5,
    },
  }),
  catalogueModel({
    id: 'nemotron-3-nano-30b-a3b',
    name: 'Nemotron 3 Nano 30B-A3B',
    family: 'Nemotron',
    publisher: 'NVIDIA',
    architecture: 'nemotron_h_moe',
    parameters: '31.6B',
    source: 'huggingface.co/nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16 config.json',
    hyperparameters: {
      ...transformer({
        ...nemotron,
        ...nemotronBlocks('MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME', { width: 1856, headsKv: 2 }),
        embedding: 2688,
        heads: 32,
        context: 1048576,
      }),
      ...mamba2(64, 64, 8),
      'attention.layer_norm_epsilon': 1e-5,
      expert_count: 128,
      expert_used_count: 6,
      expert_feed_forward_length: 1856,
      expert_shared_feed_forward_length: 3712,
      expert_shared_count: 1,
      expert_weights_norm: true,
      expert_weights_scale: 2.5,
      expert_gating_func: 2,
    },
  }),
]

const lfm = { head: 64, heads: 32, embedding: 2048, vocab: 65536, context: 128000, ropeBase: 1000000, epsilon: 1e-5 }

const liquids: readonly CatalogueModel[] = [
  catalogueModel({
    id: 'lfm2-1.2b',
    name: 'LFM2 1.2B',
    family: 'LFM2',
    publisher: 'Liquid AI',
    architecture: 'lfm2',
    parameters: '1.17B',
    source: 'huggingface.co/LiquidAI/LFM2-1.2B config.json',
    hyperparameters: {
      ...transformer({ ...lfm, blocks: 16, feedForward: 8192, headsKv: atBlocks(16, [2, 5, 8, 10, 12, 14], 8) }),
      'shortconv.l_cache': 3,
    },
    layout: { tied: true },
  }),
  catalogueModel({
    id: 'lfm2-8b-a1b',
    name: 'LFM2 8B-A1B',
    family: 'LFM2',
    publisher: 'Liquid AI',
    architecture: 'lfm2moe',
    parameters: '8.34B',
    source: 'huggingface.co/LiquidAI/LFM2-8B-A1B config.json',
    hyperparameters: {
      ...transformer({ ...lfm, blocks: 24, feedForward: 7168, headsKv: atBlocks(24, [2, 6, 10, 14, 18, 21], 8) }),
      'shortconv.l_cache': 3,
      leading_dense_block_count: 2,
      expert_count: 32,
      expert_used_count: 4,
      expert_feed_forward_length: 1792,
      expert_gating_func: 2,
    },
    layout: { tied: true },
  }),
]

const recurrent: readonly CatalogueModel[] = [
  catalogueModel({
    id: 'jamba-mini-52b',
    name: 'Jamba Mini 52B-A12B',
    family: 'Jamba',
    publisher: 'AI21 Labs',
    architecture: 'jamba',
    parameters: '51.6B',
    source: 'huggingface.co/ai21labs/AI21-Jamba-Mini-1.6 config.json',
    hyperparameters: {
      ...transformer({
        blocks: 32,
        embedding: 4096,
        feedForward: 14336,
        heads: 32,
        headsKv: atBlocks(32, [4, 12, 20, 28], 8),
        head: 128,
        vocab: 65536,
        context: 262144,
        ropeBase: 10000,
        epsilon: 1e-5,
      }),
      'ssm.conv_kernel': 4,
      'ssm.inner_size': 8192,
      'ssm.state_size': 16,
      'ssm.time_step_rank': 256,
      expert_count: 16,
      expert_used_count: 2,
    },
  }),
  catalogueModel({
    id: 'mamba-2.8b',
    name: 'Mamba 2.8B',
    family: 'Mamba',
    publisher: 'State Spaces',
    architecture: 'mamba',
    parameters: '2.77B',
    source: 'huggingface.co/state-spaces/mamba-2.8b-hf config.json',
    hyperparameters: {
      vocab_size: 50280,
      context_length: 1048576,
      embedding_length: 2560,
      block_count: 64,
      feed_forward_length: 0,
      'attention.head_count': 0,
      'attention.layer_norm_rms_epsilon': 1e-5,
      'ssm.conv_kernel': 4,
      'ssm.inner_size': 5120,
      'ssm.state_size': 16,
      'ssm.time_step_rank': 160,
    },
    layout: { tied: true },
  }),
  catalogueModel({
    id: 'mamba2-codestral-7b',
    name: 'Codestral Mamba 7B',
    family: 'Mamba',
    publisher: 'Mistral AI',
    architecture: 'mamba2',
    parameters: '7.29B',
    source: 'huggingface.co/mistralai/Mamba-Codestral-7B-v0.1 config.json',
    hyperparameters: {
      vocab_size: 32768,
      context_length: 1048576,
      embedding_length: 4096,
      block_count: 64,
      feed_forward_length: 0,
      'attention.head_count': 0,
      'attention.layer_norm_rms_epsilon': 1e-5,
      ...mamba2(128, 64, 8),
    },
  }),
  catalogueModel({
    id: 'rwkv7-2.9b',
    name: 'RWKV-7 World 2.9B',
    family: 'RWKV',
    publisher: 'RWKV',
    architecture: 'rwkv7',
    parameters: '2.95B',
    source: 'huggingface.co/fla-hub/rwkv7-2.9B-world config.json',
    hyperparameters: {
      vocab_size: 65536,
      context_length: 1048576,
      embedding_length: 2560,
      block_count: 32,
      feed_forward_length: 10240,
      'attention.layer_norm_epsilon': 1e-5,
      'wkv.head_size': 64,
      'attention.decay_lora_rank': 96,
      'attention.iclr_lora_rank': 96,
      'attention.value_residual_mix_lora_rank': 64,
      'attention.gate_lora_rank': 320,
      'attention.head_count': 0,
    },
  }),
]

export const hybridModels: readonly CatalogueModel[] = [...granites, ...nemotrons, ...liquids, ...recurrent]
