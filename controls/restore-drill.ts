import {personControl} from './shared/person-control.ts';

export const restoreDrill = personControl({
  id: 'restore-drill',
  title: 'Backups restored once',
  practice: 'fault-tolerance',
  baseScore: 3,
  question: 'was a copy of etcd, and the archive of the logs, restored somewhere else in the last half year?',
  references: ['Kubernetes Hardening Guidance, Audit logging and threat detection: Fault tolerance'],
});
