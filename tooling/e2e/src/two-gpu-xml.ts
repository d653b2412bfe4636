/** What `nvidia-smi -q -x` prints on a machine with two cards of 24 GiB, as far as anyone reads it. */
export const twoGpuXml = (): string => `<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
<nvidia_smi_log>
	<timestamp>Tue Nov 10 09:12:44 2026</timestamp>
	<driver_version>570.86.10</driver_version>
	<cuda_version>12.8</cuda_version>
	<attached_gpus>2</attached_gpus>
${[0, 1].map(gpu).join('\n')}
</nvidia_smi_log>
`

const gpu = (index: number): string => `	<gpu id="00000000:0${index + 1}:00.0">
		<product_name>NVIDIA GeForce RTX 3090</product_name>
		<product_brand>GeForce</product_brand>
		<product_architecture>Ampere</product_architecture>
		<display_attached>No</display_attached>
		<mig_mode>
			<current_mig>N/A</current_mig>
			<pending_mig>N/A</pending_mig>
		</mig_mode>
		<serial>N/A</serial>
		<uuid>GPU-6f3c1d2e-8a4b-4c5d-9e6f-00000000000${index}</uuid>
		<minor_number>${index}</minor_number>
		<pci>
			<pci_bus>0${index + 1}</pci_bus>
			<pci_bus_id>00000000:0${index + 1}:00.0</pci_bus_id>
			<pci_gpu_link_info>
				<pcie_gen>
					<max_link_gen>4</max_link_gen>
					<current_link_gen>1</current_link_gen>
				</pcie_gen>
				<link_widths>
					<max_link_width>16x</max_link_width>
					<current_link_width>16x</current_link_width>
				</link_widths>
			</pci_gpu_link_info>
		</pci>
		<fb_memory_usage>
			<total>24576 MiB</total>
			<reserved>317 MiB</reserved>
			<used>1 MiB</used>
			<free>24257 MiB</free>
		</fb_memory_usage>
		<ecc_mode>
			<current_ecc>N/A</current_ecc>
			<pending_ecc>N/A</pending_ecc>
		</ecc_mode>
		<gpu_power_readings>
			<current_power_limit>350.00 W</current_power_limit>
			<default_power_limit>350.00 W</default_power_limit>
		</gpu_power_readings>
		<processes></processes>
	</gpu>`
