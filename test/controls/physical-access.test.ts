import {physicalAccess} from '../../controls/physical-access.ts';
import {testControl} from '../helpers/test-control.ts';

const notEvaluated =
  'Only a person knows: who can touch the machines, their disks and their consoles, and are disks encrypted and wiped before they leave? Attest it in kubekata.yaml, under attestations, with control: physical-access, statement, by, on and until.';

testControl(physicalAccess, [
  {name: 'is never evaluated', objects: '', findings: [], notEvaluated},
  {
    name: 'is not evaluated either where a label claims it',
    objects:
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system, labels: {physical-access: done}}',
    findings: [],
    notEvaluated,
  },
]);
