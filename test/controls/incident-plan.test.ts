import {incidentPlan} from '../../controls/incident-plan.ts';
import {testControl} from '../helpers/test-control.ts';

const notEvaluated =
  'Only a person knows: is it written down who is called, who may isolate a node, and was that tried in the last year? Attest it in kubekata.yaml, under attestations, with control: incident-plan, statement, by, on and until.';

testControl(incidentPlan, [
  {name: 'is never evaluated', objects: '', findings: [], notEvaluated},
  {
    name: 'is not evaluated either where a label claims it',
    objects: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system, labels: {incident-plan: done}}',
    findings: [],
    notEvaluated,
  },
]);
