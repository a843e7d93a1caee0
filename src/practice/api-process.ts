import {existsSync, type FSWatcher, readdirSync, readFileSync, watch} from 'node:fs';
import {join} from 'node:path';
import {asArray, asObject, asString, isObject, type Json} from '../engine/json.ts';
import {ImagePolicy} from './api/admission/image-policy.ts';
import {readImagePolicy} from './api/admission/image-policy-config.ts';
import {readAuditPolicy} from './api/audit-policy.ts';
import {type AuditSettings, pluginsWith, type Settings} from './api/settings.ts';
import {readTokenFile} from './api/token-file.ts';
import {hashOf} from './controllers/controller.ts';
import {flagFault, flagsOf} from './controllers/kubelet/flags.ts';
import {hostPathOf, nodeFiles} from './controllers/kubelet/node-files.ts';
import type {Container, Pod} from './controllers/types.ts';
import {parseKept} from './kept-yaml.ts';

const program = 'kube-apiserver';
const manifests = 'etc/kubernetes/manifests';

/** What the manifest makes of the API server: how it answers, or why it does not run. */
export type ApiProcess =
  | {readonly settings: Settings; readonly identity: string}
  | {readonly fault: string; readonly identity: string};

/** Reads the manifest of kube-apiserver among the nodes' files; undefined where no node has ever had one. */
export function apiProcess(nodesFolder: string): ApiProcess | undefined {
  try {
    return read(nodesFolder);
  } catch (error) {
    return down(`its manifest or a file that it names can't be read: ${(error as Error).message}`, 'broken');
  }
}

function read(nodesFolder: string): ApiProcess | undefined {
  const found = nodesWithManifests(nodesFolder).flatMap((node) => manifestsOf(nodesFolder, node));
  const [own] = found.filter(({pod}) => pod?.metadata.name === program);
  if (!own?.pod) {
    const broken = found.find(({file, pod}) => !pod && file.startsWith(program));
    if (broken) return down(`${join(broken.node, manifests, broken.file)} can't be read as a Pod`, 'broken');
    return found.some(({pod}) => pod !== undefined)
      ? down('there is no manifest of kube-apiserver', 'gone')
      : undefined;
  }
  const {pod} = own;
  const container = pod.spec.containers.find(({command}) => command?.[0] === program);
  const identity = hashOf(pod as Json);
  if (!container) return down(`no container of ${own.file} runs ${program}`, identity);
  const textOf = nodeFiles(nodesFolder, pod, container);
  const fault = flagFault(container, textOf);
  if (fault !== undefined) return down(fault, identity);
  return settingsOf(nodesFolder, pod, container, textOf, identity);
}

const down = (fault: string, identity: string): ApiProcess => ({fault, identity});

const nodesWithManifests = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).filter((node) => existsSync(join(folder, node, manifests))) : [];

type Manifest = {readonly node: string; readonly file: string; readonly pod: Pod | undefined};

function manifestsOf(folder: string, node: string): readonly Manifest[] {
  return readdirSync(join(folder, node, manifests))
    .filter((file) => !file.startsWith('.') && /\.(ya?ml|json)$/.test(file))
    .map((file) => ({node, file, pod: podIn(folder, node, file)}));
}

function podIn(folder: string, node: string, file: string): Pod | undefined {
  try {
    const text = readFileSync(join(folder, node, manifests, file), 'utf8');
    const manifest = parseKept(text, folder) as Pod | null;
    if (manifest?.kind !== 'Pod' || !isObject(manifest.metadata)) return undefined;
    const containers = manifest.spec.containers.filter(isObject);
    return {...manifest, spec: {...manifest.spec, containers, nodeName: node}};
  } catch {
    return undefined;
  }
}

const list = (value: string | undefined): readonly string[] => (value ? value.split(',') : []);

function settingsOf(
  nodesFolder: string,
  pod: Pod,
  container: Container,
  textOf: (path: string) => string | undefined,
  identity: string,
): ApiProcess {
  const flags = flagsOf(container);
  const document = (flag: string): Json | undefined => {
    const text = textOf(flags.get(flag) ?? '');
    return text === undefined ? undefined : parseKept(text, nodesFolder);
  };
  const authorizers = asArray(asObject(document('authorization-config')).authorizers).map((one) =>
    asString(asObject(one).type),
  );
  const modes = authorizers.length > 0 ? authorizers : list(flags.get('authorization-mode') ?? 'AlwaysAllow');
  let audit: AuditSettings | undefined;
  const policyFile = flags.get('audit-policy-file');
  if (policyFile !== undefined) {
    const policy = readAuditPolicy(document('audit-policy-file'));
    if (typeof policy === 'string')
      return down(
        `"command failed" err=${JSON.stringify(`loading audit policy file: failed decoding file ${JSON.stringify(policyFile)}: ${policy}`)}`,
        identity,
      );
    const path = flags.get('audit-log-path') ?? '';
    const file = hostPathOf(nodesFolder, pod, container, path);
    if (file !== undefined)
      audit = {
        policy,
        file,
        maxSize: Number(flags.get('audit-log-maxsize') ?? 0),
        maxBackups: Number(flags.get('audit-log-maxbackup') ?? 0),
      };
  }
  const imagePolicy = imagePolicyOf(flags, textOf);
  const plugins = pluginsWith(
    list(flags.get('enable-admission-plugins')),
    list(flags.get('disable-admission-plugins')),
  );
  const anonymous = anonymousOf(flags, modes, document('authentication-config'));
  const tokenFile = flags.get('token-auth-file');
  const tokens = tokenFile === undefined ? undefined : readTokenFile(tokenFile, textOf(tokenFile) ?? '');
  const settings = {
    ...{anonymous, modes, plugins},
    ...(imagePolicy ? {imagePolicy} : {}),
    ...(tokens ? {tokens} : {}),
  };
  return {settings: {...settings, ...(audit ? {audit} : {})}, identity};
}

/** The plugin that asks about images, as its files say. What is wrong with them has kept the server from starting. */
function imagePolicyOf(
  flags: ReadonlyMap<string, string>,
  read: (path: string) => string | undefined,
): ImagePolicy | undefined {
  const isEnabled = list(flags.get('enable-admission-plugins')).includes('ImagePolicyWebhook');
  const config = readImagePolicy(flags.get('admission-control-config-file'), isEnabled, read);
  return config && new ImagePolicy(config);
}

function anonymousOf(
  flags: ReadonlyMap<string, string>,
  modes: readonly string[],
  config: Json | undefined,
): Settings['anonymous'] {
  const {anonymous} = asObject(config);
  if (isObject(anonymous)) {
    const paths = asArray(anonymous.conditions).map((one) => asString(asObject(one).path));
    return anonymous.enabled === true && (paths.length === 0 || paths);
  }
  // Where the flag lets everybody do everything, the server takes nobody without a name; a file is not asked about that.
  if (modes.includes('AlwaysAllow') && !flags.has('authorization-config')) return false;
  return !/^(0|f|false)$/i.test(flags.get('anonymous-auth') ?? 'true');
}

/** Looks again whenever a file in a folder of manifests changes. Returns the function that ends it. */
export function watchApiProcess(nodesFolder: string, look: () => void): () => void {
  const watchers: FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  for (const node of nodesWithManifests(nodesFolder)) {
    const watcher = watch(join(nodesFolder, node, manifests), () => {
      clearTimeout(timer);
      // An editor writes in several steps.
      timer = setTimeout(look, 50);
    });
    // It keeps the process alive: while the API does not run, nothing else does.
    watcher.on('error', () => watcher.close());
    watchers.push(watcher);
  }
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
