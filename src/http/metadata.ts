/**
 * Hosts of the clouds' metadata services: they answer only the machine itself, and a proxy would
 * show them another machine.
 */
export const metadataHosts = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  'fd00:ec2::254',
  'metadata.google.internal',
] as const;
