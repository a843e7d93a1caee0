import {personControl} from './shared/person-control.ts';

export const patchProcess = personControl({
  id: 'patch-process',
  title: 'Fixes arrive in time',
  practice: 'upgrading',
  baseScore: 4,
  question:
    'who reads the security announcements, and how many days pass until a critical fix runs on every node?',
  references: ['Kubernetes Hardening Guidance, Upgrading and application security practices'],
});
