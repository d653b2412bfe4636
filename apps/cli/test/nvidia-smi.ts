interface Gpu {
  readonly name: string
  readonly totalMib: number
  readonly reservedMib: number
}

const gpuXml = ({ name, totalMib, reservedMib }: Gpu, index: number) => `
	<gpu id="00000000:${(index + 1).toString(16).padStart(2, '0')}:00.0">
		<product_name>${name}</product_name>
		<display_active>Disabled</display_active>
		<mig_mode><current_mig>N/A</current_mig><pending_mig>N/A</pending_mig></mig_mode>
		<uuid>GPU-0000000${index}-1111-2222-3333-${String(totalMib).padStart(12, '0')}</uuid>
		<pci>
			<pci_bus_id>00000000:${(index + 1).toString(16).padStart(2, '0')}:00.0</pci_bus_id>
			<pci_gpu_link_info>
				<pcie_gen><max_link_gen>4</max_link_gen><current_link_gen>1</current_link_gen></pcie_gen>
				<link_widths><max_link_width>16x</max_link_width><current_link_width>8x</current_link_width></link_widths>
			</pci_gpu_link_info>
		</pci>
		<fb_memory_usage>
			<total>${totalMib} MiB</total>
			<reserved>${reservedMib} MiB</reserved>
			<used>1 MiB</used>
			<free>${totalMib - reservedMib - 1} MiB</free>
		</fb_memory_usage>
		<ecc_mode><current_ecc>N/A</current_ecc><pending_ecc>N/A</pending_ecc></ecc_mode>
	</gpu>`

/** What `nvidia-smi -q -x` prints, as far as a plan needs it. */
export const nvidiaSmiXml = (gpus: readonly Gpu[]): string => `<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
<nvidia_smi_log>
	<timestamp>Mon Mar  3 10:00:00 2025</timestamp>
	<driver_version>570.86.15</driver_version>
	<cuda_version>12.8</cuda_version>
	<attached_gpus>${gpus.length}</attached_gpus>${gpus.map(gpuXml).join('')}
</nvidia_smi_log>
`

export const rtx3090: Gpu = { name: 'NVIDIA GeForce RTX 3090', totalMib: 24_576, reservedMib: 315 }
export const rtx3060: Gpu = { name: 'NVIDIA GeForce RTX 3060', totalMib: 12_288, reservedMib: 243 }
