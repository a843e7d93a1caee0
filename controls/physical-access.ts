import {personControl} from './shared/person-control.ts';

export const physicalAccess = personControl({
  id: 'physical-access',
  title: 'Physical access to the nodes',
  practice: 'worker-nodes',
  baseScore: 3,
  question:
    'who can touch the machines, their disks and their consoles, and are disks encrypted and wiped before they leave?',
  references: ['Kubernetes Hardening Guidance, Network separation and hardening: Worker node segmentation'],
});
