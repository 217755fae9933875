/** How a LUN is made by hand, in the words of a NAS's own screens. */
export const lunOnNas: readonly { readonly nas: string; readonly how: string }[] = [
  {
    nas: 'Synology',
    how: 'SAN Manager, iSCSI, Create (thin provisioned; no hard limit needed), then LUN, Create, and Permissions',
  },
  {
    nas: 'QNAP',
    how: 'iSCSI & Fibre Channel, New iSCSI Target, then New iSCSI LUN (thin provisioning), and the initiator list',
  },
  { nas: 'TrueNAS', how: 'Sharing, Block (iSCSI), Wizard (device: a new sparse zvol)' },
];
