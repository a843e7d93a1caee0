import {personControl} from './shared/person-control.ts';

export const incidentPlan = personControl({
  id: 'incident-plan',
  title: 'What happens when an alert fires',
  practice: 'alerting',
  baseScore: 3,
  question: 'is it written down who is called, who may isolate a node, and was that tried in the last year?',
  references: ['Kubernetes Hardening Guidance, Audit logging and threat detection: Alerting'],
});
