import {c0046} from '../../controls/c-0046.ts';
import {testControl} from '../helpers/test-control.ts';
import {deployment, web} from './workloads.ts';

const adding = (capabilities: string): string =>
  deployment(`{containers: [{name: web, image: a, securityContext: {capabilities: {${capabilities}}}}]}`);
const added = (index: number): string => `${web}.containers[0].securityContext.capabilities.add[${index}]`;

testControl(c0046, [
  {
    name: 'fails at each insecure capability, and takes only those away',
    objects: adding('add: [NET_ADMIN, CHOWN, SYS_PTRACE], drop: [ALL]'),
    findings: [`${added(0)}: NET_ADMIN`, `${added(2)}: SYS_PTRACE`],
    fixed: [{approach: 'at each container', objects: adding('add: [CHOWN], drop: [ALL]'), leaves: []}],
  },
  {
    name: 'passes with what is harmless, and whatever is dropped',
    objects: adding('add: [NET_BIND_SERVICE], drop: [NET_RAW]'),
    findings: [],
  },
  {
    name: 'knows a capability by its name with prefix',
    objects: adding('add: [CAP_BPF]'),
    findings: [`${added(0)}: CAP_BPF`],
    fixed: [{approach: 'at each container', objects: adding('add: []'), leaves: []}],
  },
  {
    name: 'fails at ALL in an init container',
    objects: deployment(
      '{initContainers: [{name: prepare, image: a, securityContext: {capabilities: {add: [ALL]}}}], containers: [{name: web, image: a}]}',
    ),
    findings: [`${web}.initContainers[0].securityContext.capabilities.add[0]: ALL`],
  },
]);
