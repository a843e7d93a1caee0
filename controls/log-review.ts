import {personControl} from './shared/person-control.ts';

export const logReview = personControl({
  id: 'log-review',
  title: 'Logs are read by somebody',
  practice: 'siem',
  baseScore: 3,
  question:
    'does somebody look at the alarms and searches of the SIEM each working day, and who stands in for them?',
  references: ['Kubernetes Hardening Guidance, Audit logging and threat detection: SIEM platforms'],
});
