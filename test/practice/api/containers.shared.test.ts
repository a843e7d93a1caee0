import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {hasShared} from '../../helpers/shared.ts';
import {type Kubectl, kubectlFor} from './kubectl.ts';
import {type Practice, startPractice} from './practice.ts';

const pods = `
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: blue, app.conf: "port=80\\n"}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {password: example-of-a-test}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  securityContext: {fsGroup: 2000}
  containers:
  - name: web
    image: busybox
    command: [sleep, infinity]
    securityContext: {runAsUser: 1000, runAsGroup: 3000, readOnlyRootFilesystem: true}
    env:
    - {name: COLOUR, valueFrom: {configMapKeyRef: {name: settings, key: colour}}}
    - {name: WHERE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
    - {name: BOTH, value: "$(COLOUR)-$(WHERE)"}
    volumeMounts:
    - {name: config, mountPath: /etc/app}
    - {name: keys, mountPath: /keys, readOnly: true}
    - {name: scratch, mountPath: /scratch}
  volumes:
  - {name: config, configMap: {name: settings, items: [{key: app.conf, path: app.conf}]}}
  - {name: keys, secret: {secretName: keys}}
  - {name: scratch, emptyDir: {}}
---
apiVersion: v1
kind: Pod
metadata: {name: bare}
spec: {automountServiceAccountToken: false, containers: [{name: pause, image: "registry.k8s.io/pause:3.10"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: crashes}
spec: {containers: [{name: main, image: "nginx:1", securityContext: {runAsUser: 1000}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: waits}
spec: {containers: [{name: main, image: "busybox", envFrom: [{configMapRef: {name: nothing}}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: two}
spec: {containers: [{name: a, image: "registry.k8s.io/pause:3.10"}, {name: b, image: "registry.k8s.io/pause:3.10"}]}
`;

describe.skipIf(!hasShared)('logs and exec', () => {
  let practice: Practice;
  let kubectl: Kubectl;
  beforeAll(async () => {
    practice = await startPractice(undefined, {withControllers: true});
    kubectl = kubectlFor(practice.cluster.kubeconfigPath, practice.directory, 'shop');
    expect(await kubectl(['apply', '-f', '-'], pods)).toMatchObject({code: 0, stderr: ''});
    await kubectl(['wait', '--for=condition=Ready', 'pod/web', 'pod/bare', 'pod/two', '--timeout=10s']);
    const path = 'jsonpath={.status.containerStatuses[0].lastState.terminated.reason}=Error';
    await kubectl(['wait', `--for=${path}`, 'pod/crashes', '--timeout=10s']);
  });
  afterAll(() => practice.close());

  const sh = async (script: string) => kubectl(['exec', 'web', '--', 'sh', '-c', script]);

  test('a command prints, fails with its code, or is not found', async () => {
    expect(await kubectl(['exec', 'web', '--', 'id'])).toEqual({
      code: 0,
      stdout: 'uid=1000 gid=3000 groups=3000,2000\n',
      stderr: '',
    });
    expect(await kubectl(['exec', 'web', '--', 'cat', '/nope'])).toEqual({
      code: 1,
      stdout: '',
      stderr: "cat: can't open '/nope': No such file or directory\ncommand terminated with exit code 1\n",
    });
    const absent = await kubectl(['exec', 'web', '--', 'nmap']);
    expect(absent.code).toBe(1);
    expect(absent.stderr).toContain('exec: "nmap": executable file not found in $PATH');
    const bare = await kubectl(['exec', 'bare', '--', 'sh']);
    expect(bare.stderr).toContain('exec: "sh": executable file not found in $PATH');
    expect((await kubectl(['exec', 'web', '--', 'whoami'])).stderr).toContain('unknown uid 1000');
  });

  test('files of ConfigMaps, Secrets and the token are what the API holds', async () => {
    expect((await sh('ls /etc/app; cat /etc/app/app.conf; ls /keys && cat /keys/password')).stdout).toBe(
      'app.conf\nport=80\npassword\nexample-of-a-test',
    );
    const folder = '/var/run/secrets/kubernetes.io/serviceaccount';
    expect((await sh(`ls ${folder}; cat ${folder}/namespace`)).stdout).toBe('ca.crt\nnamespace\ntoken\nshop');
    const {stdout: token} = await sh(`cat ${folder}/token`);
    const said = await kubectl([
      'auth',
      'whoami',
      '--token',
      token,
      '-o',
      'jsonpath={.status.userInfo.username}',
    ]);
    expect(said.stderr + said.stdout).toContain('system:serviceaccount:shop:default');
    expect((await sh('echo "$BOTH" \'$BOTH\'; printenv COLOUR')).stdout).toBe('blue-shop $BOTH\nblue\n');
  });

  test('a read-only root file system refuses writes', async () => {
    expect((await sh('touch /x')).stderr).toContain('touch: /x: Read-only file system');
    expect((await sh('touch /scratch/x')).stderr).toContain('keeps no files');
  });

  test('a shell takes commands from its input until it ends', async () => {
    expect(await kubectl(['exec', '-i', 'web', '--', 'sh'], 'hostname\nfalse\nexit 3\nhostname\n')).toEqual({
      code: 3,
      stdout: 'web\n',
      stderr: 'command terminated with exit code 3\n',
    });
    expect((await kubectl(['exec', '-i', 'web', '--', 'sh'], 'pwd')).stdout).toBe('/\n');
  });

  test('exec needs the right to create it', async () => {
    await kubectl(['create', 'role', 'looker', '--verb=get', '--resource=pods,pods/exec']);
    await kubectl(['create', 'rolebinding', 'looker', '--role=looker', '--user=jane']);
    const {stderr, code} = await kubectl(['exec', 'web', '--as=jane', '--', 'id']);
    expect(code).toBe(1);
    expect(stderr).toContain('cannot create resource "pods/exec"');
  });

  test('a policy can refuse it', async () => {
    const policy = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: no-shells}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [""], apiVersions: [v1], operations: [CONNECT], resources: [pods/exec]}
  validations:
  - {expression: "!('sh' in object.command)", message: no shells}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: no-shells}
spec: {policyName: no-shells, validationActions: [Deny]}
`;
    await kubectl(['apply', '-f', '-'], policy);
    expect((await sh('id')).stderr).toContain('denied request: no shells');
    expect((await kubectl(['exec', 'web', '--', 'hostname'])).stdout).toBe('web\n');
    await kubectl(['delete', '-f', '-'], policy);
    expect((await sh('hostname')).stdout).toBe('web\n');
  });

  test('logs: of one container, of the one before, cut, and with times', async () => {
    const {stdout} = await kubectl(['logs', 'web']);
    expect(stdout).toMatch(/^\S+Z INFO starting web \(busybox\)\n$/);
    expect((await kubectl(['logs', 'web', '--tail=0'])).stdout).toBe('');
    expect((await kubectl(['logs', 'web', '--timestamps'])).stdout).toMatch(/^\S+\.\d{9}Z \S+Z INFO/);
    const crashed = await kubectl(['logs', 'crashes', '--previous']);
    expect(crashed.stdout).toBe(
      'fatal: running as user 1000: permission denied (master process opens port 80 and changes user)\n',
    );
    expect((await kubectl(['logs', 'web', '--previous'])).stderr).toContain(
      'previous terminated container "web" in pod "web" not found',
    );
    expect((await kubectl(['logs', 'waits'])).stderr).toContain(
      'container "main" in pod "waits" is waiting to start: CreateContainerConfigError',
    );
    expect((await kubectl(['logs', 'two', '-c', 'c'])).stderr).toContain(
      'container c is not valid for pod two',
    );
    expect((await kubectl(['logs', '-l', 'app=web'])).stdout).toBe(stdout);
    const all = await kubectl(['logs', 'two', '--all-containers', '--prefix']);
    // kubectl asks for the containers at once and prints what comes first.
    expect(all.stdout.split('\n').sort().join('\n').trim()).toMatch(/^\[pod\/two\/a\] .*\n\[pod\/two\/b\] /);
  });

  test('a workload stands for one of its pods', async () => {
    await kubectl([
      'create',
      'deployment',
      'some',
      '--image=busybox',
      '--replicas=2',
      '--',
      'sleep',
      'infinity',
    ]);
    await kubectl(['wait', '--for=jsonpath={.status.readyReplicas}=2', 'deployment/some', '--timeout=10s']);
    const logs = await kubectl(['logs', 'deployment/some']);
    expect(logs.stderr).toMatch(/^Found 2 pods, using pod\/some-\w+-\w+\n$/);
    expect(logs.stdout).toMatch(/^\S+Z INFO starting busybox/);
    const whole = await kubectl(['logs', 'deployment/some', '--all-pods', '--tail=1']);
    expect(whole.stdout.trim().split('\n')).toHaveLength(2);
    expect((await kubectl(['exec', 'deployment/some', '--', 'hostname'])).stdout).toMatch(/^some-\w+-\w+\n$/);
    expect((await kubectl(['logs', 'two', '-c', 'b', '--since=1h'])).stdout).toContain('INFO starting');
    expect((await kubectl(['logs', 'deployment/nothing'])).stderr).toContain(
      'deployments.apps "nothing" not found',
    );
    await kubectl(['delete', 'deployment', 'some']);
  });

  test('following a log ends with the pod', async () => {
    await kubectl(['run', 'brief', '--image=registry.k8s.io/pause:3.10']);
    await kubectl(['wait', '--for=condition=Ready', 'pod/brief', '--timeout=10s']);
    const following = kubectl(['logs', '-f', 'brief']);
    await kubectl(['delete', 'pod', 'brief', '--now']);
    expect((await following).stderr).not.toContain('panic');
  });

  test('what is not simulated says so in a sentence', async () => {
    expect((await kubectl(['attach', 'web'])).stderr).toContain('no terminal to attach to');
    expect((await kubectl(['port-forward', 'web', ':80'])).stderr).toContain('forwards no ports');
    expect((await kubectl(['debug', 'web', '--image=busybox'])).stderr).toContain('runs no debug containers');
    await kubectl(['create', 'deployment', 'd', '--image=busybox']);
    expect((await kubectl(['autoscale', 'deployment', 'd', '--max=3'])).stderr).toContain(
      'has no autoscaler',
    );
  });
});
