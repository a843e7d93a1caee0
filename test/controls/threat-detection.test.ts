import {threatDetection} from '../../controls/threat-detection.ts';
import {testControl} from '../helpers/test-control.ts';
import {daemonSet, everywhere, nodes} from './agents.ts';

const none = 'no DaemonSet with a known program and the rights for it';
const both = (found: string) => [`Node//cp metadata.name: ${found}`, `Node//w metadata.name: ${found}`];
const falco = (context: string, image = 'docker.io/falcosecurity/falco:0.43.0'): string =>
  `{${everywhere}containers: [{name: falco, image: '${image}', securityContext: ${context}}]}`;

testControl(threatDetection, [
  {
    name: 'fails on each node without one',
    objects: nodes,
    findings: both(none),
    manual: ['a watcher on every node'],
  },
  {
    name: 'passes with Falco that may see system calls',
    objects: nodes + daemonSet(falco('{privileged: true}')),
    findings: [],
  },
  {
    name: 'passes with capabilities in place of privileges',
    objects: nodes + daemonSet(falco('{capabilities: {add: [CAP_BPF]}}')),
    findings: [],
  },
  {
    name: 'fails where it may see nothing',
    objects: nodes + daemonSet(falco('{runAsUser: 1000}')),
    findings: both(none),
  },
  {
    name: 'fails where it runs on no node',
    objects: `${nodes}${daemonSet(falco('{privileged: true}'))}status: {desiredNumberScheduled: 0}\n`,
    findings: both('agent does not run there'),
  },
  {
    name: 'fails with a name and labels that claim it',
    objects:
      nodes +
      daemonSet(falco('{privileged: true}', 'busybox:1.37'), '{app: agent, app.kubernetes.io/name: falco}'),
    findings: both(none),
  },
]);
