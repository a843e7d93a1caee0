import {existsSync, mkdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {hasExpressions} from './api/admission/policies.ts';
import {type Authenticator, userOfToken} from './api/authn.ts';
import {signCertificates} from './api/certificate-signer.ts';
import {AtRest} from './api/encryption/at-rest.ts';
import {type Listener, listen} from './api/http/https-server.ts';
import {Pages} from './api/http/list.ts';
import {Watches} from './api/http/watch.ts';
import {Journal, restore} from './api/journal.ts';
import {kubeconfigText} from './api/kubeconfig.ts';
import {acquireLock, type Owner, ownerOf, releaseLock} from './api/lock.ts';
import type {Machine} from './api/machine.ts';
import {type MetricsProvider, metricsResources} from './api/metrics.ts';
import {loadKeys, writePrivate} from './api/pki.ts';
import {checkPolicyTypes} from './api/policy-status.ts';
import {loadRegistry} from './api/registry-data.ts';
import {copyNodeFiles, loadScenario} from './api/scenario.ts';
import {ApiServer} from './api/server.ts';
import {issuer, TokenSigner} from './api/service-account-token.ts';
import {Store} from './api/store.ts';
import {fillTokenSecrets} from './api/token-secrets.ts';
import {apiProcess, watchApiProcess} from './api-process.ts';
import {encryptionOnDisk, followEncryption} from './encryption.ts';
import {keptFolder} from './kept-yaml.ts';

export type PracticeOptions = {
  /** State directory: keys, objects, node files, kubeconfig. Made with mode 0700. */
  readonly directory: string;
  /** Folder with the scenario's manifests. */
  readonly scenarioDirectory: string;
  /** Starts the simulated controllers; the function that it returns ends them. */
  readonly controllers?: (machine: Machine, directory: string) => () => void;
  /** Makes what metrics.k8s.io tells; without it the group is not served. */
  readonly metrics?: (machine: Machine) => MetricsProvider;
  readonly onLog?: (line: string) => void;
};

export type PracticeCluster = {
  readonly kubeconfigPath: string;
  readonly url: string;
  /** The API without HTTP; absent where another process serves the cluster. */
  readonly machine: Machine;
  /** Rejects when the disk refuses: what is acknowledged is kept, and writes are refused from then on. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
};

/** The cluster of another process: it can be used, and not stopped. */
export type ServedElsewhere = {readonly kubeconfigPath: string; readonly url: string; readonly pid: number};

/**
 * Starts the practice cluster of a state directory.
 * @throws {Error} when another process serves it (ask `connectOrStart`), or its state can't be read.
 */
export async function startPracticeCluster(options: PracticeOptions): Promise<PracticeCluster> {
  const started = await connectOrStart(options);
  if ('machine' in started) return started;
  throw new Error(
    `Process ${started.pid} serves the practice cluster in ${options.directory} already: stop it, or use ${started.kubeconfigPath}.`,
  );
}

/** Starts the practice cluster, or finds the process that serves it. */
export async function connectOrStart(options: PracticeOptions): Promise<PracticeCluster | ServedElsewhere> {
  const {directory} = options;
  mkdirSync(directory, {recursive: true, mode: 0o700});
  const lock = await acquireLock(directory);
  if (!lock) {
    const owner: Owner = await ownerOf(directory);
    return {kubeconfigPath: kubeconfigPath(directory), url: owner.url, pid: owner.pid};
  }
  try {
    return await start(options, lock);
  } catch (error) {
    releaseLock(directory, lock);
    throw error;
  }
}

export const kubeconfigPath = (directory: string): string => join(directory, 'kubeconfig');

async function start(options: PracticeOptions, lock: string): Promise<PracticeCluster> {
  const {directory, scenarioDirectory, controllers, metrics, onLog = () => undefined} = options;
  const stateDirectory = join(directory, 'state');
  const [keys, registry] = await Promise.all([loadKeys(directory), loadRegistry()]);
  const {promise: failed, reject: fail} = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  const atRest = new AtRest();
  const nodesDirectory = join(directory, 'nodes');
  if (!existsSync(nodesDirectory)) copyNodeFiles(scenarioDirectory, directory);
  atRest.use(encryptionOnDisk(nodesDirectory));
  const restored = restore(stateDirectory, (resource, onDisk) => atRest.open(resource, onDisk));
  const journal = new Journal(
    stateDirectory,
    (error) => {
      onLog(`the state could not be written: ${error.message}`);
      fail(error);
    },
    atRest,
  );
  const store = new Store((entry) => journal.record(entry), restored?.revision, restored?.objects);
  store.atRest = atRest;
  journal.attach(store);
  const server = new ApiServer(store, registry);
  server.watchDefinitions();
  server.watchQuotas();
  const durable = () => journal.durable();
  if (!restored) {
    await loadScenario(server, scenarioDirectory);
    await durable();
    journal.writeState();
  }
  if (hasExpressions(server) || [...registry.all()].some((info) => info.custom?.hasRules))
    await server.loadCel();
  const watches = new Watches(server, durable);
  const provider = metrics?.(server);
  if (provider) registry.add('metrics.k8s.io', metricsResources);
  const tokens = new TokenSigner(keys.accountKey);
  const authenticator: Authenticator = {
    adminToken: keys.adminToken,
    serviceAccount: (token, at) => tokens.read(token, at),
  };
  const containers = async () => {
    const {containerAccess} = await import('./controllers/kubelet/containers.ts');
    return containerAccess(server, scenarioDirectory, join(directory, 'nodes'), (pod, audience, seconds) => {
      const {namespace = '', name, uid} = pod.metadata;
      const account = server.get('serviceaccounts', namespace, pod.spec.serviceAccountName ?? 'default');
      const subject = {namespace, name: account?.metadata.name ?? '', uid: String(account?.metadata.uid)};
      return tokens.issue({...subject, bound: {name, uid}}, [audience || issuer], seconds);
    });
  };
  const listener = await listen({
    services: {
      server,
      pages: new Pages(),
      watches,
      durable,
      directory,
      tokens,
      authenticateToken: async (token) => userOfToken(authenticator, token, server),
      audience: issuer,
      containers,
      ...(provider ? {metrics: provider} : {}),
    },
    tls: {ca: keys.ca, certificate: keys.certificate, key: keys.key},
    authenticator,
    port: previousPort(directory),
    onLog,
  });
  const {port} = listener;
  const url = `https://127.0.0.1:${port}`;
  writePrivate(kubeconfigPath(directory), kubeconfigText(url, keys));
  writePrivate(join(directory, 'server.json'), JSON.stringify({url, port, pid: process.pid}));
  const endProcess = followManifest(join(directory, 'nodes'), server, listener, onLog);
  const endSigner = signCertificates(server, keys, onLog);
  const endPolicies = checkPolicyTypes(server, onLog);
  const endTokens = fillTokenSecrets(server, tokens, keys.ca, onLog);
  const endEncryption = followEncryption(server, store, nodesDirectory);
  const endControllers = controllers?.(server, directory);
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    endControllers?.();
    endEncryption();
    endSigner();
    endPolicies();
    endTokens();
    provider?.stop();
    endProcess();
    watches.close();
    await listener.close();
    await journal.close();
    releaseLock(directory, lock);
  };
  return {
    kubeconfigPath: kubeconfigPath(directory),
    url,
    machine: server,
    failed,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Lets the API answer as the flags in its manifest say, and not at all while they keep it from running. */
function followManifest(
  nodes: string,
  server: ApiServer,
  listener: Listener,
  onLog: (line: string) => void,
): () => void {
  let shown = '';
  let again: NodeJS.Timeout | undefined;
  const look = (): void => {
    clearTimeout(again);
    const found = apiProcess(nodes);
    if (!found) return;
    // The kubelet starts what failed once more: a file that a flag names may be there by then.
    if ('fault' in found) again = setTimeout(look, startedAgainAfter);
    const state = JSON.stringify(
      'fault' in found ? found : {...found.settings, plugins: [...found.settings.plugins]},
    );
    if (state === shown) return;
    const isFirst = shown === '';
    shown = state;
    if ('fault' in found) {
      onLog(`the API server does not run: ${found.fault}`);
      listener.refuse();
      return;
    }
    server.settings = found.settings;
    // A process that starts anew has lost its connections.
    if (!isFirst) listener.refuse();
    listener.resume().catch((error: unknown) => onLog(`the API server does not listen: ${String(error)}`));
  };
  look();
  const end = watchApiProcess(nodes, look);
  return () => {
    clearTimeout(again);
    end();
  };
}

const startedAgainAfter = 2000;

/** Throws objects and node files away; keys and kubeconfig stay, so that an open terminal finds the new cluster. */
export async function resetPracticeDirectory(directory: string): Promise<void> {
  if (!existsSync(directory)) return;
  const lock = await acquireLock(directory);
  if (!lock) {
    const {pid} = await ownerOf(directory);
    throw new Error(
      `Process ${pid} serves the practice cluster in ${directory}: stop it before it starts over.`,
    );
  }
  for (const name of ['state', 'nodes', keptFolder])
    rmSync(join(directory, name), {recursive: true, force: true});
  releaseLock(directory, lock);
}

function previousPort(directory: string): number {
  try {
    return Number(JSON.parse(readFileSync(join(directory, 'server.json'), 'utf8')).port) || 0;
  } catch {
    return 0;
  }
}
